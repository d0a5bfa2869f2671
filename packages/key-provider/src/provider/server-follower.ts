import type { CachedKek } from '../cache/kek-cache.ts';
import { refreshAfter } from '../cache/refresh-time.ts';
import type { Moment } from '../cache/trusted-clock.ts';
import { within } from '../cache/within.ts';
import { KeyError } from '../key-error.ts';
import type { KekHandle } from '../keys/kek-handle.ts';
import type { CrlFetcher } from './crl-fetcher.ts';
import { toKeyError } from './deliveries.ts';
import type { GroupRegistry } from './group-registry.ts';
import type { KekBookChange } from './kek-book.ts';
import type { KekLoader } from './kek-loader.ts';
import { type KekRecord, recordFrom } from './kek-record.ts';
import type { KekServer } from './kek-server.ts';
import type { ProviderState } from './provider-state.ts';
import { isMatterOfCrl, validateKek } from './validate-kek.ts';

export interface ServerFollowerOptions {
  readonly state: ProviderState;
  readonly server: KekServer;
  readonly loader: KekLoader;
  readonly groups: GroupRegistry;
  readonly crls: CrlFetcher;
  readonly trustAnchors: readonly Uint8Array[];
  readonly instance: string;
}

/**
 * Follows the server: what it lists, its CRL, its revocations. A look that succeeds confirms all that is in memory; one
 * that fails changes nothing and extends nothing. Revocations are carried out first, before anything is fetched; a new
 * primary is fetched first, before it is written with, so that there is always one.
 */
export class ServerFollower {
  readonly #options: ServerFollowerOptions;
  #tag: string | undefined;
  #pulling: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #isStale = false;
  #outdatedLines: ReadonlySet<string> = new Set();

  constructor(options: ServerFollowerOptions) {
    this.#options = options;
  }

  /**
   * Looks now, or joins the look under way; `isNews`: something has happened, so one that began before is not enough.
   * @throws {@link KeyError} `KEK_UNAVAILABLE` and what the server refuses with
   */
  pull({ isNews = false }: { readonly isNews?: boolean } = {}): Promise<void> {
    if (this.#pulling === undefined) return this.#start(isNews);
    if (!isNews) return this.#pulling;
    // One more for all who bring news while this one is under way.
    this.#next ??= this.#pulling
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return this.#start(true);
      });
    return this.#next;
  }

  #start(isNews: boolean): Promise<void> {
    const pulling = this.#pullOnce({ isNews }).finally(() => {
      if (this.#pulling === pulling) this.#pulling = undefined;
    });
    this.#pulling = pulling;
    return pulling;
  }

  /** Looks at certificates whose soft TTL is over as a whole again. */
  async revalidateDue(): Promise<void> {
    const { state } = this.#options;
    for (const entry of [...state.cache.entries()]) if (state.isRefreshDue(entry)) await this.#revalidate(entry);
  }

  async #pullOnce({ isNews }: { readonly isNews: boolean }): Promise<void> {
    const { breaker, metrics, events } = this.#options.state;
    // News are worth a try whatever happened before.
    if (!breaker.tryEnter() && !isNews) {
      throw new KeyError('KEK_UNAVAILABLE', `the server is not asked for another ${Math.ceil(breaker.waitMs)} ms`);
    }
    metrics.pulls += 1;
    const hadFailed = breaker.failures > 0 || this.#isStale;
    try {
      await this.#look(isNews);
      this.#isStale = false;
      if (hadFailed) events.emit('recovered');
    } catch (error) {
      this.#isStale = true;
      metrics.pullFailures += 1;
      events.emit('failure', { what: 'pull', error });
      throw toKeyError(error);
    }
  }

  async #look(isNews: boolean): Promise<void> {
    const { state, server, crls } = this.#options;
    const startedAt = state.clock.moment();
    const list = await this.#asked(() => this.#inTime((signal) => server.listKeks(this.#tag, signal)));
    const listed = list.keks?.map(recordFrom) ?? [...state.book.records];
    const change = state.book.compare(listed, (id) => state.cache.find(id) !== undefined);
    for (const record of listed) if (record.isRevoked || record.isCompromised) state.revoke(record.id, 'server');
    if (list.keks !== undefined) state.negative.clear();
    await crls.refresh(wantedOf(change.records), { isNews: isNews || list.keks !== undefined });
    this.#revokeByCrl();
    const failedLines = await this.#loadWanted(change.records);
    const applied = { ...change, records: change.records.filter(({ lineName }) => !failedLines.has(lineName)) };
    this.#apply(applied);
    this.#revokeByCrl();
    this.#confirm(applied, startedAt);
    await this.revalidateDue();
    const [failure] = failedLines.values();
    this.#tag = failure === undefined && change.outdatedLines.length === 0 ? list.tag : undefined;
    await this.#options.groups.pull();
    if (failure !== undefined) throw failure;
  }

  async #asked<Value>(ask: () => Promise<Value>): Promise<Value> {
    const { breaker } = this.#options.state;
    try {
      const value = await ask();
      breaker.succeeded();
      return value;
    } catch (error) {
      breaker.failed();
      throw error;
    }
  }

  #inTime<Value>(ask: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
    const { time, policy } = this.#options.state;
    return within(ask, { timeoutMs: policy.inFlightTimeoutMs, after: (delayMs, run) => time.after(delayMs, run) });
  }

  #revokeByCrl(): void {
    const { state } = this.#options;
    for (const entry of [...state.cache.entries()]) {
      if (state.crls.findRevoked(entry, entry.serialNumber) !== undefined) state.revoke(entry.description.id, 'crl');
    }
  }

  /** Fetches what is needed before it is needed. @returns the lines of which the primary could not be had, and why */
  async #loadWanted(records: readonly KekRecord[]): Promise<Map<string, unknown>> {
    const { state, loader } = this.#options;
    const failed = new Map<string, unknown>();
    const wanted = wantedOf(records).filter(({ id, serialNumber }) => {
      const entry = state.cache.find(id);
      const isSame = entry !== undefined && Buffer.from(entry.serialNumber).toString('hex') === serialNumber;
      return !state.revoked.has(id) && !isSame;
    });
    await Promise.all(
      wanted.map((record) =>
        loader.load(record).catch((error: unknown) => {
          // Told by the loader. The line stays as it was known: with what is in memory.
          if (record.state === 'PRIMARY') failed.set(record.lineName, error);
        }),
      ),
    );
    return failed;
  }

  #apply(change: KekBookChange): void {
    const { book, cache, events } = this.#options.state;
    const before = new Map(book.lineNames.map((line) => [line, book.primary(line)?.id]));
    const seenEpochs = new Map(change.outdatedLines.map((line) => [line, book.epoch(line)]));
    book.apply(change);
    for (const { id } of change.withdrawn) cache.drop(id);
    for (const { id } of [...change.records, ...change.lost]) {
      const record = book.find(id);
      if (record === undefined) continue;
      if (record.state === 'DISABLED' || record.state === 'DESTROYED') cache.drop(id);
      else cache.describe(record);
    }
    for (const [line, seenEpoch] of seenEpochs) {
      if (!this.#outdatedLines.has(line)) events.emit('wentBack', { line, seenEpoch });
    }
    this.#outdatedLines = new Set(seenEpochs.keys());
    for (const { id, lineName: line, version } of change.lost) events.emit('lost', { id, line, version });
    for (const line of book.lineNames) {
      const to = book.primary(line)?.id;
      const from = before.get(line);
      if (to !== undefined && to !== from) events.emit('rotated', { line, from, to });
    }
  }

  #confirm({ records }: KekBookChange, startedAt: Moment): void {
    const { cache, crls } = this.#options.state;
    for (const { id, isLost } of records) {
      const entry = cache.find(id);
      if (entry === undefined || isLost === true) continue;
      entry.confirmedAt = startedAt;
      entry.crlNextUpdateMs = crls.nextUpdateOf(entry) ?? entry.crlNextUpdateMs;
    }
  }

  async #revalidate(entry: CachedKek<KekHandle>): Promise<void> {
    const { state, trustAnchors } = this.#options;
    const { clock, crls, policy, random, instanceShare, cache, events } = state;
    const startMs = state.time.monotonic();
    const validatedAt = clock.moment();
    const { certificateDer, intermediates, description } = entry;
    try {
      await validateKek({
        ...{ certificateDer, intermediates, trustAnchors },
        crls: crls.ders,
        nowMs: clock.now(),
        acceptRevoked: false,
      });
      const fetchMs = state.time.monotonic() - startMs;
      entry.validatedAt = validatedAt;
      entry.refreshAfterMs = refreshAfter({ policy, fetchMs, instanceShare, random });
    } catch (error) {
      const keyError = toKeyError(error);
      if (keyError.code === 'KEK_REVOKED') state.revoke(description.id, 'crl');
      // A CRL that is over has its own limit; anything else is no certificate that may be used.
      else if (keyError.code === 'KEK_NOT_VALIDATED' && !isMatterOfCrl(keyError)) {
        cache.drop(description.id);
        events.emit('security', { detail: `${description.id} does not hold any more`, error: keyError });
      }
    }
  }
}

/** What must be at hand: what is written with, what will be, and of each line the newest of what is read. */
function wantedOf(records: readonly KekRecord[]): KekRecord[] {
  const readable = records.filter(({ mayRead }) => mayRead);
  const newest = new Map<string, KekRecord>();
  for (const record of readable) {
    const known = newest.get(record.lineName);
    if (record.state === 'ENABLED' && (known === undefined || known.version < record.version)) {
      newest.set(record.lineName, record);
    }
  }
  return readable.filter(
    (record) => record.state === 'PRIMARY' || record.state === 'PENDING' || newest.get(record.lineName) === record,
  );
}
