import { randomBytes } from 'node:crypto';
import type { KekResource } from '@vcc-pki/api';
import { parsePem } from '@vcc-pki/asn1';
import { ApiConnection, type ClientIdentity } from '@vcc-pki/client';
import { cachePolicy } from '../cache/cache-policy.ts';
import type { KekUse } from '../cache/judge-use.ts';
import { keepAlive } from '../cache/keep-alive.ts';
import type { CachedKek } from '../cache/kek-cache.ts';
import { systemTime, type TimeSource } from '../cache/time-source.ts';
import { type SuiteName, suites } from '../ciphertext/suites.ts';
import type { GroupSource } from '../groups/group-source.ts';
import { KeyError, type KeyErrorCode } from '../key-error.ts';
import type { FieldKey } from '../keys/field-key.ts';
import type { FieldScope, KekHandle } from '../keys/kek-handle.ts';
import type { KekSource } from '../keys/kek-source.ts';
import type { ReEncryptionJobOptions } from '../reencryption/job-options.ts';
import { ApiKekServer, serviceIdentity } from './api-kek-server.ts';
import { CacheKeeper } from './cache-keeper.ts';
import { CrlFetcher } from './crl-fetcher.ts';
import { toKeyError } from './deliveries.ts';
import { GroupRegistry } from './group-registry.ts';
import { KekLoader } from './kek-loader.ts';
import type { KekRecord } from './kek-record.ts';
import type { KekServer, ServiceIdentity } from './kek-server.ts';
import { GroupKeyOpener } from './open-group-key.ts';
import { KekOpener } from './open-kek.ts';
import { Poller } from './poller.ts';
import { metricsText } from './prometheus-text.ts';
import type { ProviderEmitter } from './provider-events.ts';
import type { PKIKeyProviderOptions, ProviderSettings, ProviderTls } from './provider-options.ts';
import { ProviderState } from './provider-state.ts';
import { conditionOf, describeState, type ProviderStatus } from './provider-status.ts';
import { ServerFollower } from './server-follower.ts';
import { validateKek } from './validate-kek.ts';
import { WebhookGate, type WebhookHeaders } from './webhook-gate.ts';

/** What is known about a KEK's certificate. */
export interface KekCertificate {
  readonly id: string;
  readonly line: string;
  readonly version: number;
  readonly pem: string;
  readonly state: KekRecord['state'];
}

/**
 * The keys of a service, from the PKI, at memory speed: fetched once, validated, rotated under way, refused when they are
 * revoked, and used through outages within exact limits. `docs/key-provider.md`.
 */
export class PKIKeyProvider implements KekSource {
  /** What happens, see {@link ProviderEvents}. */
  readonly events: ProviderEmitter;
  /** Names this process at the server. */
  readonly instance: string;
  readonly #state: ProviderState;
  readonly #server: KekServer;
  readonly #loader: KekLoader;
  readonly #groups: GroupRegistry;
  readonly #follower: ServerFollower;
  readonly #poller: Poller;
  readonly #keeper: CacheKeeper | undefined;
  readonly #webhooks: WebhookGate;
  readonly #trustAnchors: readonly Uint8Array[];
  readonly #options: PKIKeyProviderOptions;
  readonly #time: TimeSource;
  readonly #toldStale = new Set<CachedKek<KekHandle>>();
  #phase: 'starting' | 'started' | 'closed' = 'starting';

  constructor(options: PKIKeyProviderOptions) {
    const { server, identity, trustedPem, time = systemTime, random = Math.random, kem = 'X-Wing', memory } = options;
    this.#options = options;
    this.#time = time;
    this.#server = server;
    this.instance = options.instance ?? randomBytes(8).toString('hex');
    this.#trustAnchors = parsePem(trustedPem).map(({ der }) => der);
    const policy = cachePolicy(options.cache);
    this.#state = new ProviderState({
      ...{ policy, time, random },
      mayDecryptCompromised: options.mayDecryptCompromised ?? false,
    });
    this.events = this.#state.events;
    this.events.on('recovered', () => this.#toldStale.clear());
    const { instance } = this;
    const trustAnchors = this.#trustAnchors;
    const now = (): number => this.#state.clock.now();
    const opener = new KekOpener({ server, identity, trustAnchors, kem, instance, now, memory });
    const crls = new CrlFetcher(this.#state, server);
    this.#loader = new KekLoader(this.#state, opener, crls);
    const groupOpener = new GroupKeyOpener({ server, identity, trustAnchors, kem, instance, now });
    this.#groups = new GroupRegistry({ state: this.#state, server, opener: groupOpener, memory });
    const parts = { state: this.#state, server, loader: this.#loader, crls, groups: this.#groups };
    this.#follower = new ServerFollower({ ...parts, trustAnchors, instance });
    this.#webhooks = new WebhookGate(now);
    const file = options.sealedCacheFile;
    const keeperOf = {
      state: this.#state,
      groups: this.#groups,
      key: () => identity().privateKey,
      trustAnchors,
      memory,
    };
    this.#keeper = file === undefined ? undefined : new CacheKeeper({ ...keeperOf, file });
    this.#poller = new Poller({ state: this.#state, server, follower: this.#follower, instance, keeper: this.#keeper });
  }

  /**
   * A provider for the server at an address, as the service that the pair of PEM files names. Nothing is asked for before
   * {@link bootstrap}.
   * @param url `https://pki-server:8443`
   */
  static at(url: string, tls: ProviderTls, settings: ProviderSettings = {}): PKIKeyProvider {
    const { trustedPem, ...pair } = tls;
    // Its own retries would only add to those of the provider, which knows more about when they are of use.
    const connection = new ApiConnection({ origin: url, trustedPem, client: pair, retry: { attempts: 1 } });
    return PKIKeyProvider.#over(connection, settings, true);
  }

  /**
   * The same over a connection that is there already, as the `connection` of a PKIClient, whose certificate renews itself. It
   * stays open when the provider is closed.
   * @throws TypeError at the first request, without a client certificate
   */
  static over(connection: ApiConnection, settings: ProviderSettings = {}): PKIKeyProvider {
    return PKIKeyProvider.#over(connection, settings, false);
  }

  static #over(connection: ApiConnection, settings: ProviderSettings, isOwner: boolean): PKIKeyProvider {
    let signer: { readonly pair: ClientIdentity; readonly identity: ServiceIdentity } | undefined;
    const identity = (): ServiceIdentity => {
      const pair = connection.client;
      if (pair === undefined) throw new TypeError('a provider needs the certificate of its service');
      // The connection may have got another one: useIdentity.
      if (signer?.pair !== pair) signer = { pair, identity: serviceIdentity(pair) };
      return signer.identity;
    };
    const { trustedPem } = connection;
    return new PKIKeyProvider({ ...settings, server: new ApiKekServer(connection, isOwner), identity, trustedPem });
  }

  /**
   * Fetches and validates what is needed, and follows the server from then on. It goes on trying until its time is up, and
   * refuses to start without keys.
   * @throws {@link KeyError} `KEK_UNAVAILABLE` and what the server refuses with
   */
  async bootstrap(): Promise<readonly KekCertificate[]> {
    this.#checkOpen();
    await keepAlive(() => this.#fetchAtStart());
    this.#phase = 'started';
    this.#poller.start();
    return this.certificates();
  }

  async #fetchAtStart(): Promise<void> {
    const { startSpreadMs = 500, startTimeoutMs = 30_000 } = this.#options;
    await this.#sleep(startSpreadMs * this.#state.random());
    const endMs = this.#time.monotonic() + startTimeoutMs;
    for (;;) {
      try {
        await this.#follower.pull();
        return;
      } catch (error) {
        this.#checkOpen();
        if (!(error instanceof KeyError) || error.code !== 'KEK_UNAVAILABLE') throw error;
        // At the first failure: what is on disk serves at once, and the server is looked for from then on.
        if (await this.#keeper?.restore()) return;
        if (this.#time.monotonic() >= endMs) throw error;
        await this.#sleep(Math.max(10, this.#state.breaker.waitMs));
      }
    }
  }

  /** Every version that this service may use, as the server listed it. */
  certificates(): KekCertificate[] {
    return [...this.#state.book.records].map(certificateOf);
  }

  /** The version of a line that encrypts, from memory. @throws {@link KeyError} when there is none that may be used now */
  primary(lineName: string): KekHandle {
    const entry = this.#state.cache.primary(lineName);
    if (entry !== undefined) return this.#use(entry, 'encrypt');
    this.#checkOpen();
    this.#poller.lookSoon();
    throw this.#refuse(this.#whyNoPrimary(lineName), { kekLine: lineName });
  }

  /** The version that a record names; from memory at once, otherwise fetched once for all who wait. */
  byVersion(lineId: number, version: number): KekHandle | Promise<KekHandle> {
    const entry = this.#state.cache.findVersion(lineId, version);
    return entry === undefined ? this.#fetchVersion({ lineId, version }, 'decrypt') : this.#use(entry, 'decrypt');
  }

  knowsLine(lineId: number): boolean {
    return this.#state.book.knowsLine(lineId);
  }

  /** Keys for encrypting anew: as the provider itself, and besides what is compromised. Give it to a ReEncryptionJob. */
  forReEncryption(): KekSource {
    return {
      primary: (lineName) => this.primary(lineName),
      byVersion: (lineId, version) => {
        const entry = this.#state.cache.findVersion(lineId, version);
        return entry === undefined
          ? this.#fetchVersion({ lineId, version }, 'reencrypt')
          : this.#use(entry, 'reencrypt');
      },
      knowsLine: (lineId) => this.knowsLine(lineId),
    };
  }

  /**
   * A KEK by its id (`kek_123`), to decrypt, or the primary one of a line by the line's name, to encrypt.
   * @throws {@link KeyError}
   */
  async getKEK(name: string): Promise<KekHandle> {
    const { cache } = this.#state;
    const primary = cache.primary(name);
    if (primary !== undefined) return this.#use(primary, 'encrypt');
    const entry = cache.find(name);
    return entry === undefined ? this.#fetchByName(name) : this.#use(entry, 'decrypt');
  }

  /** The certificate of a KEK, by its id or of the primary one by the line's name, validated now. @throws {@link KeyError} */
  async getCertificate(name: string): Promise<KekCertificate> {
    const { book } = this.#state;
    const record = await this.#find(name, () => book.find(name) ?? book.primary(name));
    if (record.mayRead) await this.getKEK(record.id);
    return certificateOf(record);
  }

  /**
   * Whether a certificate is that of a KEK of this PKI: path, purpose, times, revocation. `intermediates` in PEM, where the
   * provider has met none of its issuers.
   */
  async validateCertificate(pem: string, { intermediatesPem = '' } = {}): Promise<boolean> {
    const [first, ...others] = parsePem(pem).map(({ der }) => der);
    if (first === undefined) return false;
    const known = [...this.#state.cache.entries()].flatMap(({ intermediates }) => intermediates);
    try {
      await validateKek({
        certificateDer: first,
        intermediates: [...others, ...parsePem(intermediatesPem).map(({ der }) => der), ...known],
        trustAnchors: this.#trustAnchors,
        crls: this.#state.crls.ders,
        nowMs: this.#state.clock.now(),
        acceptRevoked: false,
      });
      return true;
    } catch (error) {
      if (error instanceof KeyError) return false;
      throw error;
    }
  }

  /** The key of one field under a KEK: derived once, then from memory. */
  deriveFieldKey(kek: KekHandle, scope: FieldScope, suite: SuiteName = 'KC-XAES-256-GCM/KC32'): FieldKey {
    return kek.fieldKey(suites[suite].id, scope);
  }

  /**
   * The groups of a tenant that this service is a member of, kept as fresh as KEKs from now on: `groups` of GroupKeys. None
   * where it is a member of none, until it is made one.
   * @throws {@link KeyError} `KEK_UNAVAILABLE`, `KEK_NOT_VALIDATED`, and what the server refuses a key with
   */
  async groups(line: string, tenant: string): Promise<GroupSource> {
    this.#checkOpen();
    try {
      return await keepAlive(async () => {
        const groups = await this.#groups.follow(line, tenant);
        if (this.#phase === 'started') await this.#poller.save();
        return groups;
      });
    } catch (error) {
      throw toKeyError(error);
    }
  }

  /** Has the server make the next version of the line of a KEK; needs the right to. What is to happen happens by itself. */
  async rotateKEK(name: string): Promise<KekResource> {
    this.#checkOpen();
    const made = await this.#server.rotateKek(name);
    await this.#follower.pull({ isNews: true });
    return made;
  }

  /**
   * To be called when something is said to have happened, by a webhook for example: it is only a reason to ask the server.
   * @param _oldId and `_newId`: as the message names them; the server is believed, not the message
   */
  async onKEKRotation(_oldId?: string, _newId?: string): Promise<void> {
    this.#checkOpen();
    await this.#follower.pull({ isNews: true });
    await this.#poller.report();
  }

  /**
   * Takes a webhook of the PKI (Standard Webhooks): signed with the secret of the subscription, of the last five minutes, and
   * each once. It is a reason to ask the server, whatever it says.
   * @param request.body octets as they came
   * @returns whether it was one; answer 400 otherwise
   */
  handleWebhook(request: {
    readonly headers: WebhookHeaders;
    readonly body: Uint8Array;
    readonly secret: string;
  }): boolean {
    this.#checkOpen();
    if (!this.#webhooks.admits(request.headers, request.body, request.secret)) return false;
    this.#poller.lookNow();
    return true;
  }

  /** Tells the server what a full scan has found: how many records are under which version. */
  async reportScan(line: string, records: ReadonlyMap<number, number>): Promise<void> {
    this.#checkOpen();
    await this.#poller.report({ line, records });
  }

  /**
   * What a ReEncryptionJob of a line needs to know: where to, whether all writers have followed, whom to tell.
   * @param options.settleMs so long after the promotion every writer has heard of it: twice the longest poll interval
   *   (default 2 minutes), for what is not heard from cannot be waited for.
   * @throws {@link KeyError} when the line has no primary version
   */
  rotation(
    line: string,
    { settleMs = 120_000 }: { readonly settleMs?: number } = {},
  ): Required<Pick<ReEncryptionJobOptions, 'target' | 'isAcknowledged' | 'onCleanScan'>> {
    const { book, clock } = this.#state;
    const primary = book.primary(line);
    if (primary === undefined) throw this.#refuse(this.#whyNoPrimary(line), { kekLine: line });
    const { lineId, version } = primary;
    const others = (): number[] =>
      [...book.records].filter((one) => one.lineName === line && one.id !== primary.id).map((one) => one.version);
    return {
      target: { lineId, version, epoch: book.epoch(line) },
      isAcknowledged: async () =>
        book.primary(line)?.id === primary.id && clock.now() >= primary.stateChangedAtMs + settleMs,
      onCleanScan: () => this.reportScan(line, new Map(others().map((old) => [old, 0]))),
    };
  }

  /** Whether this instance has acknowledged the newest epoch of a line that it knows. */
  hasAcknowledged(line: string): boolean {
    return this.#poller.hasAcknowledged(line);
  }

  status(): ProviderStatus {
    const described = describeState(this.#state, this.instance);
    const condition = this.#phase === 'started' ? conditionOf(described.lines) : this.#phase;
    return { condition, ...described, groups: this.#groups.describe() };
  }

  /** Metrics in the text format of Prometheus, to be appended to those of the service: docs/key-provider.md, "Metrics". */
  metrics(): string {
    return metricsText(this.#state, this.#loader.joins);
  }

  /** Forgets and erases all keys, and ends every connection. */
  async close(): Promise<void> {
    if (this.#phase === 'closed') return;
    this.#phase = 'closed';
    this.#poller.close();
    for (const { handle } of this.#state.cache.entries()) handle.erase('PROVIDER_CLOSED');
    this.#state.cache.clear();
    this.#loader.dropCompromised();
    this.#groups.close();
    await this.#server.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #use(entry: CachedKek<KekHandle>, use: KekUse): KekHandle {
    const judgement = this.#state.judge(entry, use);
    if (judgement === 'fresh') {
      this.#state.metrics.hits += 1;
      // Where nobody polls, uses see to it that what they use is validated anew.
      if (this.#state.policy.pollMs === 0 && this.#state.isRefreshDue(entry)) this.#poller.lookSoon();
      return entry.handle;
    }
    this.#poller.lookSoon();
    const { lineName, version } = entry.description;
    if (judgement !== 'stale') throw this.#refuse(judgement, { kekLine: lineName, kekVersion: version });
    this.#state.metrics.hits += 1;
    this.#state.metrics.staleUses += 1;
    if (!this.#toldStale.has(entry)) {
      this.#toldStale.add(entry);
      const ageMs = this.#state.clock.age(entry.confirmedAt);
      this.events.emit('stale', { line: lineName, version, ageMs });
    }
    return entry.handle;
  }

  async #fetchByName(name: string): Promise<KekHandle> {
    const { book } = this.#state;
    const record = await this.#find(name, () => book.primary(name) ?? book.find(name));
    return this.#fetch(record, record.lineName === name ? 'encrypt' : 'decrypt');
  }

  async #fetchVersion({ lineId, version }: { lineId: number; version: number }, use: KekUse): Promise<KekHandle> {
    const { book, policy } = this.#state;
    const name = `${lineId}/${version}`;
    const record = await this.#find(name, () => book.findVersion(lineId, version), policy.unknownVersionTtlMs);
    return this.#fetch(record, use);
  }

  /** What is listed, or is after another look; what is not is believed not to exist for a short while. */
  async #find(name: string, find: () => KekRecord | undefined, ttlMs?: number): Promise<KekRecord> {
    this.#checkOpen();
    const { negative, policy } = this.#state;
    const listed = find();
    if (listed !== undefined) return listed;
    if (negative.find(name) === undefined) {
      await this.#follower.pull();
      const found = find();
      if (found !== undefined) return found;
      const spread = ttlMs === undefined ? 0.5 : 0;
      negative.remember(name, 'KEK_UNKNOWN', { ttlMs: ttlMs ?? policy.negativeTtlMs, spread });
    }
    throw this.#refuse('KEK_UNKNOWN', { kekLine: name });
  }

  async #fetch(record: KekRecord, use: KekUse): Promise<KekHandle> {
    this.#checkOpen();
    const { id, lineName: kekLine, version: kekVersion, state, isCompromised } = record;
    if (!record.mayRead) throw this.#refuse('KEK_UNKNOWN', { kekLine, kekVersion });
    const isBad = this.#state.revoked.has(id) || isCompromised || record.isRevoked;
    const isExcused = use === 'reencrypt' || (use === 'decrypt' && this.#state.mayDecryptCompromised);
    if (isBad && !isExcused) throw this.#refuse('KEK_REVOKED', { kekLine, kekVersion });
    if (state === 'DISABLED' || state === 'DESTROYED') throw this.#refuse(`KEK_${state}`, { kekLine, kekVersion });
    const entry = isBad
      ? await this.#loader.loadCompromised(record)
      : (this.#state.cache.find(id) ?? (await this.#loader.load(record)));
    if (this.#phase === 'closed') {
      entry.handle.erase('PROVIDER_CLOSED');
      this.#checkOpen();
    }
    return this.#use(entry, use);
  }

  #whyNoPrimary(lineName: string): KeyErrorCode {
    const { book, revoked } = this.#state;
    const record = book.primary(lineName);
    if (record !== undefined) return revoked.has(record.id) ? 'KEK_REVOKED' : 'KEK_UNAVAILABLE';
    const versions = [...book.records].filter((one) => one.lineName === lineName);
    if (versions.length === 0) return this.#phase === 'starting' ? 'KEK_UNAVAILABLE' : 'KEK_UNKNOWN';
    return versions.some(({ id }) => revoked.has(id)) ? 'KEK_REVOKED' : 'KEK_DISABLED';
  }

  #refuse(code: KeyErrorCode, names: { kekLine?: string | number; kekVersion?: number }): KeyError {
    this.#state.metrics.refused(code);
    const error = new KeyError(
      code,
      `${names.kekLine}${names.kekVersion ? `:${names.kekVersion}` : ''}: ${code}`,
      names,
    );
    this.events.emit('refused', { error });
    return error;
  }

  #checkOpen(): void {
    if (this.#phase === 'closed') throw new KeyError('PROVIDER_CLOSED', 'the provider is closed');
  }

  async #sleep(ms: number): Promise<void> {
    if (ms > 0) await new Promise<void>((resolve) => void this.#time.after(ms, resolve));
  }
}

function certificateOf({ id, lineName: line, version, certificatePem: pem, state }: KekRecord): KekCertificate {
  return { id, line, version, pem, state };
}
