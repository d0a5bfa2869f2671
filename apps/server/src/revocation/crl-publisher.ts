import type { Revocation } from '../store/index.ts';
import { CrlOrders } from './crl-orders.ts';
import { type CrlPressOptions, publishCrl } from './crl-press.ts';
import { retryAfterMs } from './crl-schedule.ts';
import { CrlWatch, type CrlWatchOptions } from './crl-watch.ts';
import { type ServedCrl, ServedCrls } from './served-crls.ts';

export interface CrlPublisherOptions
  extends Omit<CrlPressOptions, 'served' | 'leaseMs'>,
    Pick<CrlWatchOptions, 'onUnusable'> {
  /** How long others wait for a server that has begun a CRL and does not come back; 10 seconds unless told otherwise. */
  readonly leaseMs?: number | undefined;
  /** Told of each CRL that was made, with the time from its start to its publication. */
  readonly onPublished: (scope: string, tookMs: number) => void;
  /** Told when a CRL could not be made, and how often in a row; the last good one stays, and it is tried again. */
  readonly onFailure: (scope: string, failures: number, error: unknown) => void;
  /** Told when the ledger could not be looked at; it is looked at again. */
  readonly onBlind: (error: unknown) => void;
}

/** How often it looks at what other servers did, at what is due, and at what failed. */
const lookIntervalMs = 1_000;

/**
 * Shards that are made side by side because something was revoked. Two: while these are under way, the revocations of
 * the others gather and share their next CRL. A hundred clients that revoke without pause got 1,140 revocations a second
 * with 2, 1,030 with 3 or 6, and half as many with 16, each of which made as many CRLs.
 */
const concurrentShards = 2;

/** Shards that are made side by side because it is time: fewer, so that a revocation never waits for them. */
const concurrentRenewals = 1;

/**
 * Keeps the CRLs of one issuer fresh: a shard at once when something in it is revoked, full and delta CRL as soon as they
 * may follow the last one, everything when it is due. Publications of one scope never overlap; revocations that come
 * while one is under way share the next. Several servers may do this on one ledger: each CRL is made by one of them.
 */
export class CrlPublisher {
  /** What relying parties get. */
  readonly served = new ServedCrls();
  readonly #options: CrlPublisherOptions & { readonly leaseMs: number };
  readonly #watch: CrlWatch;
  readonly #orders: CrlOrders;
  readonly #running = new Map<string, Promise<void>>();
  readonly #failures = new Map<string, { count: number; retryAt: number }>();
  /** What another server is at, or what has failed: left alone until the next look. */
  readonly #resting = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;
  #lastShard = 0;

  constructor(options: CrlPublisherOptions) {
    this.#options = { ...options, leaseMs: options.leaseMs ?? 10_000 };
    this.#watch = new CrlWatch({ ...options, served: this.served });
    this.#orders = new CrlOrders({ ...options, served: this.served, watch: this.#watch });
  }

  /** The full CRL. */
  get full(): ServedCrl | undefined {
    return this.served.get(this.#options.issuer.issuerId, 'full');
  }

  /** Loads what the ledger has, makes what is missing or due, and goes on doing so until {@link close}. */
  async start(): Promise<void> {
    await this.#watch.start();
    this.#evaluate();
    while (this.#running.size > 0) await Promise.all(this.#running.values());
    this.#timer = setInterval(() => void this.look(), lookIntervalMs);
    this.#timer.unref();
  }

  /** Looks at the ledger and at the clock now, and starts what is to be done. Never rejects. */
  async look(): Promise<void> {
    this.#resting.clear();
    try {
      await this.#watch.look();
    } catch (error) {
      this.#options.onBlind(error);
    }
    this.#evaluate();
  }

  /** Has the shard that a revocation belongs to made anew at once. */
  revoked(revocation: Pick<Revocation, 'shard' | 'revision'>): void {
    const shard = String(revocation.shard);
    const crl = this.served.get(this.#options.issuer.issuerId, shard);
    this.#watch.pending.note(revocation, crl?.revision ?? 0);
    if (this.#shardsUnderWay < concurrentShards) this.#consider(shard);
  }

  /** Waits until the CRL of its shard lists a revocation. @returns whether it came in time. */
  whenPublished({ shard, revision }: Pick<Revocation, 'shard' | 'revision'>, timeoutMs: number): Promise<boolean> {
    const { issuerId } = this.#options.issuer;
    return this.served.whenCovered({ issuerId, scope: String(shard), revision }, timeoutMs);
  }

  /** The full CRL with everything that is revoked by now; after `timeoutMs` the last one, if that is not made yet. */
  async freshFull(timeoutMs: number): Promise<ServedCrl | undefined> {
    const { issuerId } = this.#options.issuer;
    const revision = this.#orders.newestRevision();
    await this.served.whenCovered({ issuerId, scope: 'full', revision }, timeoutMs);
    return this.full;
  }

  /** What relying parties lack: CRLs that have passed their nextUpdate, or a full CRL. Empty when all is well. */
  complaints(): string[] {
    const now = this.#options.clock.now();
    const stale = [...this.served.all()].filter(({ nextUpdate }) => nextUpdate < now);
    return [
      ...(this.full === undefined ? ['there is no full CRL'] : []),
      ...stale.map(({ issuerId, scope }) => `the CRL ${scope} of ${issuerId} has passed its nextUpdate`),
    ];
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    await this.#watch.idle();
    await Promise.all(this.#running.values());
  }

  /** The full and the delta CRL do not count: making one takes as long as many shards. */
  get #shardsUnderWay(): number {
    return this.#running.size - Number(this.#running.has('full') || this.#running.has('delta'));
  }

  #evaluate(): void {
    const { crlShards } = this.#options.issuer;
    const last = this.#lastShard;
    // From behind the one that was begun last, so that no shard waits for the busy ones before it.
    for (let i = 1; i <= crlShards && this.#shardsUnderWay < concurrentShards; i += 1) {
      const shard = (last + i) % crlShards;
      if (this.#consider(String(shard))) this.#lastShard = shard;
    }
    // One at a time: their numbers are one series.
    for (const scope of ['full', 'delta']) {
      if (!this.#running.has('full') && !this.#running.has('delta')) this.#consider(scope);
    }
  }

  /** Begins a CRL if it is needed and nothing is in the way. @returns whether it was begun. */
  #consider(scope: string): boolean {
    if (this.#isClosed || this.#running.has(scope) || this.#resting.has(scope)) return false;
    if (performance.now() < (this.#failures.get(scope)?.retryAt ?? 0)) return false;
    const isShard = scope !== 'full' && scope !== 'delta';
    if (isShard && this.#shardsUnderWay >= concurrentRenewals && !this.#orders.isBehind(scope)) return false;
    if (!this.#orders.needs(scope)) return false;
    const work = this.#publish(scope).finally(() => {
      this.#running.delete(scope);
      this.#evaluate();
    });
    this.#running.set(scope, work);
    return true;
  }

  async #publish(scope: string): Promise<void> {
    const { onPublished, onFailure } = this.#options;
    const start = performance.now();
    try {
      const outcome = await publishCrl({ ...this.#options, served: this.served }, this.#orders.order(scope));
      this.#failures.delete(scope);
      if (outcome !== 'published') {
        this.#resting.add(scope);
        return;
      }
      const tookMs = performance.now() - start;
      this.#orders.took(scope, tookMs);
      onPublished(scope, tookMs);
    } catch (error) {
      const count = (this.#failures.get(scope)?.count ?? 0) + 1;
      this.#failures.set(scope, { count, retryAt: performance.now() + retryAfterMs(count) });
      this.#resting.add(scope);
      onFailure(scope, count, error);
    }
  }
}
