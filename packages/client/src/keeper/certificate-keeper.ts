import { EventEmitter } from 'node:events';
import type { RenewalInfo } from '@vcc-pki/api';
import { retryAfterSeconds } from '@vcc-pki/api/without-schemas';
import { generateKey } from '@vcc-pki/signer';
import { ApiConnection } from '../api/api-connection.ts';
import { fullJitter } from '../api/retry.ts';
import { ServerRefusal } from '../api/server-refusal.ts';
import { ClientError } from '../client-error.ts';
import { type Clock, systemClock } from '../clock.ts';
import { toTimestamp } from '../time-text.ts';
import { enrol } from './enrol.ts';
import type { KeeperEvents, KeeperStatus } from './keeper-events.ts';
import type { CertificateKeeperOptions } from './keeper-options.ts';
import { factsOf, type KeptCertificate, keptCertificate, type StoredFacts } from './kept-certificate.ts';
import { obtainCertificate } from './obtain-certificate.ts';
import { renewalMoment } from './renewal-moment.ts';

/** Timers do not run while a machine sleeps, so the clock is looked at again after so long at the latest. */
const longestNapMs = 30_000;

/** Between two attempts to renew: full jitter from 5 s on, up to a quarter of an hour, or a twentieth of the time that is left. */
const renewalRetry = { baseMs: 5_000, capMs: 900_000, shareOfRemaining: 1 / 20, leastMs: 1_000 } as const;

/** After a renewal: so much of the life of the certificate, or when it is in danger a minute. */
const leastRest = { shareOfLife: 1 / 20, ms: 60_000 } as const;

/** How often the server is asked when to renew, when it does not say itself (docs/rotation.md). */
const defaultInfoIntervalMs = 21_600_000;

/** Certificates are dated back by a minute; clocks further apart than that are worth a word. */
const toleratedSkewMs = 60_000;

/**
 * Keeps one certificate on disk alive: enrols when there is none, renews at a moment of the server's window, and never
 * gives up while there is time. {@link ensure} at the start, {@link start} for as long as the program runs.
 */
export class CertificateKeeper extends EventEmitter<KeeperEvents> {
  readonly serviceId: string;
  readonly #options: CertificateKeeperOptions;
  readonly #clock: Clock;
  readonly #random: () => number;
  #current: KeptCertificate | undefined;
  #connection: ApiConnection | undefined;
  #info: RenewalInfo | undefined;
  #infoDueAt = 0;
  #renewAt: number | undefined;
  #nextAttemptAt: number | undefined;
  #lastError: Error | undefined;
  #lastSuccessAt: number | undefined;
  #needsEnrolment = false;
  #toldExpired = false;
  #spentToken: string | undefined;
  #counters = { enrolments: 0, renewals: 0, failures: 0, failuresInARow: 0 };
  #timer: NodeJS.Timeout | undefined;
  #isStarted = false;
  #renewBeforeDays: number | undefined;
  #work: Promise<unknown> = Promise.resolve();

  constructor(options: CertificateKeeperOptions) {
    super();
    this.serviceId = options.serviceId;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? Math.random;
    this.#renewBeforeDays = options.renewBeforeDays;
  }

  /** The certificate in use, or undefined before {@link ensure}. */
  get current(): KeptCertificate | undefined {
    return this.#current;
  }

  /** The connection to the PKI server with the certificate in use, also after it changed. @throws {@link ClientError} `noCertificate` */
  get connection(): ApiConnection {
    if (this.#connection === undefined) throw noCertificate(this.#options.files.paths.cert);
    return this.#connection;
  }

  get status(): KeeperStatus {
    return {
      state: this.#state(),
      certificateId: this.#current?.certificateId,
      fingerprintSha256: this.#current?.fingerprintSha256,
      notAfter: this.#current?.notAfter,
      renewAt: this.#renewAt,
      nextAttemptAt: this.#nextAttemptAt,
      lastError: this.#lastError,
      lastSuccessAt: this.#lastSuccessAt,
      clockOffsetMs: this.#connection?.clockOffsetMs,
      counters: { ...this.#counters },
    };
  }

  /**
   * Makes sure that there is a valid certificate: takes the one on the disk, or gets the first one. To be called at
   * every start; when all is well it asks nobody.
   * @throws {@link ClientError} `noCertificate`, `certificateExpired`, `clockSkew`, `keyMismatch` …; ServerRefusal
   */
  ensure(): Promise<KeptCertificate> {
    return this.#oneAtATime(async () => {
      await this.#takeFromDisk();
      await this.#options.files.removeLeftovers();
      if (this.#current === undefined) return this.#enrol();
      if (this.#clock.now() <= this.#current.notAfter) return this.#current;
      return this.#renewOrEnrol(this.#current);
    });
  }

  /** Renews now, whatever the window says. @throws as {@link ensure}; the certificate in use stays in use */
  renew(): Promise<KeptCertificate> {
    return this.#oneAtATime(async () => {
      await this.#takeFromDisk();
      return this.#current === undefined ? this.#enrol() : this.#renewOrEnrol(this.#current);
    });
  }

  /**
   * Begins to look after the certificate until {@link stop}. Its timers do not keep a process alive.
   * @param renewBeforeDays as in the options, when it is decided here
   */
  start(renewBeforeDays?: number): void {
    if (renewBeforeDays !== undefined) {
      this.#renewBeforeDays = renewBeforeDays;
      if (this.#current !== undefined) this.#setWindow(this.#current, this.#info);
    }
    if (this.#isStarted) return;
    this.#isStarted = true;
    this.#napUntilNextLook();
  }

  /** Stops: ends calls under way (a renewal goes on with the next start), and closes the connection. */
  async stop(): Promise<void> {
    this.#isStarted = false;
    clearTimeout(this.#timer);
    this.#connection?.abort();
    await this.#work.catch(() => {});
    await this.#connection?.close();
  }

  /** One look: does what is due. What fails is told by events and tried again; nothing is thrown. */
  check(): Promise<void> {
    return this.#oneAtATime(async () => {
      try {
        await this.#look();
      } catch (error) {
        this.#noteFailure(toError(error));
      }
    });
  }

  async #look(): Promise<void> {
    await this.#takeFromDisk();
    const now = this.#clock.now();
    if (this.#nextAttemptAt !== undefined && now < this.#nextAttemptAt) return;
    if (this.#current === undefined) {
      await this.#enrol();
      return;
    }
    this.#tellExpiry(this.#current, now);
    if (now >= this.#infoDueAt && now <= this.#current.notAfter) await this.#askWhen(this.#current);
    if (this.#renewAt !== undefined && now >= this.#renewAt) await this.#renewOrEnrol(this.#current);
  }

  /** Also finds a pair that somebody else put there: an operator, or another process of the same service. */
  async #takeFromDisk(): Promise<void> {
    const { files } = this.#options;
    const pair = await files.load();
    if (pair === undefined) return;
    const caPem = this.#options.trustedPem ?? pair.rootCaPem;
    if (caPem === undefined) {
      throw new ClientError('fileUnreadable', `there is no root certificate at ${files.paths.rootCa}`, {
        advice: 'Put the root certificate of the PKI there; check its fingerprint.',
      });
    }
    const found = keptCertificate(pair, caPem);
    if (found.fingerprintSha256 !== this.#current?.fingerprintSha256) this.#use(found, factsOf(pair));
  }

  #use(next: KeptCertificate, facts: StoredFacts | undefined): void {
    const previous = this.#current;
    this.#current = next;
    this.#needsEnrolment = false;
    this.#toldExpired = false;
    this.#nextAttemptAt = undefined;
    this.#infoDueAt = 0;
    this.#setWindow(next, facts?.renewal_info);
    const client = { certificatePem: next.fullchainPem, keyPem: next.keyPem };
    if (this.#connection?.trustedPem === next.caPem) this.#connection.useIdentity(client);
    else {
      void this.#connection?.close();
      this.#connection = this.#connect(this.#serverUrl(facts), next.caPem, client);
    }
    this.#tell('changed', next, previous);
  }

  /** As configured, or where the certificate came from. */
  #serverUrl(facts: StoredFacts | undefined): string {
    const url = this.#options.pkiServerUrl ?? facts?.server;
    if (url !== undefined) return url;
    throw new TypeError('pkiServerUrl is missing');
  }

  #connect(origin: string, trustedPem: string, client?: ApiConnection['client']): ApiConnection {
    return new ApiConnection({ ...this.#options.connection, origin, trustedPem, client, clock: this.#clock });
  }

  #setWindow(kept: KeptCertificate, info: RenewalInfo | undefined): void {
    this.#info = info;
    const { notBefore, notAfter, fingerprintSha256 } = kept;
    const renewBeforeDays = this.#renewBeforeDays;
    const window = info?.suggested_window;
    const moment = { window, notBefore, notAfter, fingerprintSha256, renewBeforeDays, random: this.#random };
    // A clock that runs ahead takes every new certificate for due: no renewals without end.
    const life = notAfter - notBefore;
    const restMs = info === undefined || info.reason === 'scheduled' ? life * leastRest.shareOfLife : leastRest.ms;
    const restUntil = this.#lastSuccessAt === undefined ? 0 : Math.ceil(this.#lastSuccessAt + restMs);
    this.#renewAt = Math.max(renewalMoment(moment), restUntil);
  }

  /** Asks for the window. When that fails, what is known stays true, and it is asked again soon. */
  async #askWhen(kept: KeptCertificate): Promise<void> {
    const id = kept.certificateId ?? this.serviceId;
    try {
      const answer = await this.connection.exchange('getRenewalInfo', { params: { id }, accept: 'application/json' });
      const info = JSON.parse(new TextDecoder().decode(answer.bytes)) as RenewalInfo;
      const seconds = retryAfterSeconds(answer.headers['retry-after'], this.#clock.now());
      this.#infoDueAt = this.#clock.now() + (seconds === undefined ? defaultInfoIntervalMs : seconds * 1000);
      // With no attempt that failed, it was this question that did.
      if (this.#counters.failuresInARow === 0) this.#lastError = undefined;
      this.#tellSkew();
      if (JSON.stringify(info.suggested_window) === JSON.stringify(this.#info?.suggested_window)) return;
      const isFirst = this.#info === undefined;
      this.#setWindow(kept, info);
      if (!isFirst) this.#tell('windowMoved', info);
    } catch (error) {
      const reason = toError(error);
      // A revoked certificate cannot ask any more: the answer to that question is to renew, which finds the way.
      if (reason instanceof ServerRefusal && reason.code === 'unauthorized') this.#renewAt = this.#clock.now();
      this.#infoDueAt = this.#clock.now() + fullJitter(3, renewalRetry, this.#random) + renewalRetry.leastMs;
      this.#lastError = reason;
      this.#tell('serverUnreachable', reason);
    }
  }

  async #renewOrEnrol(kept: KeptCertificate): Promise<KeptCertificate> {
    try {
      return await this.#renewOver(kept);
    } catch (error) {
      const reason = this.#explainRefusal(toError(error), kept);
      if (!isLost(reason)) throw reason;
      if (this.#options.enrolmentToken !== undefined) return this.#enrol(reason);
      this.#tellNeedsEnrolment(reason);
      throw reason;
    }
  }

  async #renewOver(kept: KeptCertificate): Promise<KeptCertificate> {
    const { keyType = 'P-256', request = {}, files } = this.#options;
    await obtainCertificate(this.connection, {
      files,
      operation: 'renewCertificate',
      params: { id: kept.certificateId ?? this.serviceId },
      members: validityOf(request),
      keyDescription: keyType,
      makeKey: () => generateKey(keyType),
      mayReplace: true,
    });
    this.#lastSuccessAt = this.#clock.now();
    await this.#takeFromDisk();
    const renewed = this.#current ?? kept;
    this.#noteSuccess('renewals');
    this.#tell('renewed', renewed, kept);
    return renewed;
  }

  /** What an `unauthorized` means for a certificate that we think is good. */
  #explainRefusal(error: Error, { notBefore, notAfter }: KeptCertificate): Error {
    if (!(error instanceof ServerRefusal) || error.code !== 'unauthorized') return error;
    const now = this.#clock.now();
    const serverNow = now + (this.#connection?.clockOffsetMs ?? 0);
    const isOver = (time: number) => time > notAfter || time < notBefore;
    if (isOver(serverNow) && isOver(now)) {
      return new ClientError('certificateExpired', `the certificate expired on ${toTimestamp(notAfter)}`, {
        advice: 'Enrol again: give the service a new one-time token (vcc-pki token create), or a new pair of files.',
        cause: error,
      });
    }
    if (!isOver(serverNow)) return error;
    return new ClientError(
      'clockSkew',
      `the server does not take the certificate (${toTimestamp(notBefore)} to ${toTimestamp(notAfter)}) at this time: the clock of this machine says ${toTimestamp(now)}, that of the server ${toTimestamp(serverNow)}`,
      { advice: 'Set the wrong clock of the two.', cause: error },
    );
  }

  /** Gets a certificate for a one-time token. @param reason why the certificate that was there does not do any more */
  async #enrol(reason?: Error): Promise<KeptCertificate> {
    const { enrolmentToken, files, keyType, request } = this.#options;
    const text = typeof enrolmentToken === 'function' ? await enrolmentToken() : enrolmentToken;
    // A token is good for one certificate: the same again is refused, and would only be counted as an attack.
    if (text === undefined || text === this.#spentToken) {
      const why = reason ?? noCertificate(files.paths.cert);
      this.#tellNeedsEnrolment(why);
      throw why;
    }
    const limits = { ...this.#options.connection, clock: this.#clock };
    try {
      await enrol({
        text,
        serviceId: this.serviceId,
        pkiServerUrl: this.#options.pkiServerUrl,
        files,
        keyType,
        request,
        limits,
      });
    } catch (error) {
      if (error instanceof ServerRefusal && error.isFinal) {
        this.#spentToken = text;
        this.#tellNeedsEnrolment(error);
      }
      throw error;
    }
    this.#spentToken = text;
    this.#lastSuccessAt = this.#clock.now();
    await this.#takeFromDisk();
    if (this.#current === undefined) throw noCertificate(files.paths.cert);
    this.#noteSuccess('enrolments');
    this.#tell('enrolled', this.#current);
    return this.#current;
  }

  #state(): KeeperStatus['state'] {
    if (this.#needsEnrolment) return 'enrolmentNeeded';
    if (this.#current === undefined) return 'none';
    const now = this.#clock.now();
    if (now > this.#current.notAfter) return 'expired';
    return this.#renewAt !== undefined && now >= this.#renewAt ? 'due' : 'valid';
  }

  #noteSuccess(kind: 'renewals' | 'enrolments'): void {
    this.#counters[kind]++;
    this.#counters.failuresInARow = 0;
    this.#lastError = undefined;
    this.#nextAttemptAt = undefined;
    this.#lastSuccessAt = this.#clock.now();
    this.#tellSkew();
  }

  #noteFailure(error: Error): void {
    const attempt = ++this.#counters.failuresInARow;
    this.#counters.failures++;
    this.#lastError = error;
    const now = this.#clock.now();
    const remaining = Math.max(0, (this.#current?.notAfter ?? now) - now);
    const shareMs = remaining === 0 ? renewalRetry.capMs : remaining * renewalRetry.shareOfRemaining;
    const capMs = Math.max(renewalRetry.leastMs, Math.min(renewalRetry.capMs, shareMs));
    const jitterMs = fullJitter(attempt - 1, { baseMs: renewalRetry.baseMs, capMs }, this.#random);
    const askedMs = error instanceof ServerRefusal ? (error.retryAfterMs ?? 0) : 0;
    this.#nextAttemptAt = now + Math.max(renewalRetry.leastMs, askedMs + jitterMs);
    const { notAfter } = this.#current ?? {};
    this.#tell('renewalFailed', { error, attempt, nextAttemptAt: this.#nextAttemptAt, notAfter });
  }

  #tellNeedsEnrolment(reason: Error): void {
    if (this.#needsEnrolment) return;
    this.#needsEnrolment = true;
    this.#tell('enrolmentNeeded', reason);
  }

  #tellExpiry(kept: KeptCertificate, now: number): void {
    if (now <= kept.notAfter || this.#toldExpired) return;
    this.#toldExpired = true;
    this.#tell('expired', kept);
  }

  #tellSkew(): void {
    const offset = this.#connection?.clockOffsetMs ?? 0;
    const now = this.#clock.now();
    if (Math.abs(offset) > toleratedSkewMs) this.#tell('clockSkew', { now, serverNow: now + offset });
  }

  /** A listener that throws is its owner's bug: it surfaces as such, and does not stop a renewal half-way. */
  #tell<Name extends keyof KeeperEvents>(name: Name, ...args: KeeperEvents[Name]): void {
    for (const listener of this.rawListeners(name)) {
      queueMicrotask(() => void Reflect.apply(listener, this, args));
    }
  }

  #napUntilNextLook(): void {
    if (!this.#isStarted) return;
    const now = this.#clock.now();
    const dueAt = this.#nextAttemptAt ?? Math.min(this.#renewAt ?? now, this.#infoDueAt);
    const napMs = Math.min(longestNapMs, Math.max(0, dueAt - now));
    this.#timer = setTimeout(() => void this.check().then(() => this.#napUntilNextLook()), napMs);
    this.#timer.unref();
  }

  #oneAtATime<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#work.then(work, work);
    this.#work = result.catch(() => {});
    return result;
  }
}

/** Whether the certificate in use cannot get its successor any more. */
function isLost(error: Error): boolean {
  if (error instanceof ServerRefusal) return error.code === 'unauthorized' || error.code === 'certificateNotActive';
  return error instanceof ClientError && ['certificateExpired', 'clientCertificateRefused'].includes(error.code);
}

function noCertificate(path: string): ClientError {
  return new ClientError('noCertificate', `there is no certificate at ${path}`, {
    advice: 'Give the service a one-time token (vcc-pki token create --service SERVICE), or a pair of files.',
  });
}

function validityOf({ validityDays, validityHours }: NonNullable<CertificateKeeperOptions['request']>) {
  return {
    ...(validityDays !== undefined && { validity_days: validityDays }),
    ...(validityHours !== undefined && { validity_hours: validityHours }),
  };
}

function toError(value: unknown): Error {
  return value instanceof Error ? value : new Error(String(value));
}
