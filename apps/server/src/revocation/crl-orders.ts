import { setImmediate } from 'node:timers/promises';
import type { CertListFrame } from '@vcc-pki/x509';
import type { Issuer } from '../authority/issuer.ts';
import type { LintedEntries } from '../authority/linted-entries.ts';
import { crlUrlOf } from '../authority/load-issuer.ts';
import type { Clock } from '../clock.ts';
import { deltaBase, type PublishedCrl, type Store } from '../store/index.ts';
import { appendToDelta, appendToShard, readDelta, readShard } from './crl-contents.ts';
import type { CrlScopePlan } from './crl-frame.ts';
import type { CrlDraft, CrlOrder } from './crl-press.ts';
import { type CrlTimes, dueAt, gapMs, intervalMs } from './crl-schedule.ts';
import type { CrlWatch } from './crl-watch.ts';
import type { ServedCrl, ServedCrls } from './served-crls.ts';

export interface CrlOrdersOptions {
  readonly clock: Clock;
  readonly store: Store;
  readonly issuer: Issuer;
  readonly served: ServedCrls;
  readonly watch: CrlWatch;
  readonly times: CrlTimes;
}

/** A delta of so many entries is never too long: some 50 kB. */
const leastLongDelta = 1000;

type FrameOf = (plan: CrlScopePlan) => CertListFrame;
type OwnCrl = ServedCrl & { readonly list: LintedEntries };

/** Says which CRLs are to be made, and what goes into each. */
export class CrlOrders {
  readonly #options: CrlOrdersOptions;
  /** When the CRL that is served is to be made anew, by scope. */
  readonly #due = new Map<string, number>();
  /** Until when the next full or delta CRL waits, on the clock of {@link performance}: wall clocks are set back and forth. */
  readonly #gapEnds = new Map<string, number>();
  #isComplete = false;

  constructor(options: CrlOrdersOptions) {
    this.#options = options;
    options.served.onReplaced((crl) => {
      if (crl.issuerId !== options.issuer.issuerId) return;
      this.#due.set(crl.scope, dueAt(crl, options.times));
    });
  }

  /** Whether a CRL of the scope is to be made now. */
  needs(scope: string): boolean {
    if (scope === 'full') return this.#hasAllShards() && (this.#isDue('full') || this.#lags('full'));
    if (scope === 'delta') return this.#own('full') !== undefined && (this.#isDue('delta') || this.#lags('delta'));
    return this.isBehind(scope) || this.#isDue(scope);
  }

  /** Whether a shard lacks revocations, or has no CRL yet: what must not wait. */
  isBehind(shard: string): boolean {
    return this.#own(shard) === undefined || this.#options.watch.pending.has(Number(shard));
  }

  /** The newest revision that is known here; the CRL that covers it has everything. */
  newestRevision(): number {
    const { watch } = this.#options;
    return Math.max(watch.revision, watch.pending.newest);
  }

  /** Told how long a CRL took to be made. */
  took(scope: string, ms: number): void {
    this.#gapEnds.set(scope, performance.now() + gapMs(ms, this.#options.times));
  }

  order(scope: string): CrlOrder {
    return {
      scope,
      isNeeded: async () => {
        await this.#options.watch.look();
        return this.needs(scope);
      },
      draft: (frameOf) => {
        if (scope === 'full') return this.#draftFull(frameOf);
        return scope === 'delta' ? this.#draftDelta(frameOf) : this.#draftShard(frameOf, scope);
      },
    };
  }

  async #draftShard(frameOf: FrameOf, scope: string): Promise<CrlDraft> {
    const { issuer, clock } = this.#options;
    const readAt = clock.now();
    const frame = frameOf({ kind: 'shard', url: crlUrlOf(issuer, scope) });
    const previous = this.#appendable(scope);
    const appended = previous && (await appendToShard(this.#options, Number(scope), previous, frame));
    if (appended !== undefined) return { frame, readAt: previous?.readAt ?? readAt, ...appended };
    const contents = await readShard(this.#options, Number(scope), this.#listedFrom(scope), frame);
    return { frame, readAt, ...contents };
  }

  /** Joins what the shards list: they were read, linted and signed already. */
  async #draftFull(frameOf: FrameOf): Promise<CrlDraft> {
    const { clock, issuer, watch } = this.#options;
    // A burst of revocations comes to its shards first.
    await setImmediate();
    const frame = frameOf({ kind: 'full', deltaUrl: crlUrlOf(issuer, 'delta') });
    const parts = this.#shards().map((shard) => this.#own(shard)?.list);
    if (!parts.every((part) => part !== undefined)) throw new Error('there are shards without a CRL');
    const revision = Math.min(watch.revision, watch.pending.oldest() - 1);
    return { frame, parts, revision, readAt: clock.now() };
  }

  async #draftDelta(frameOf: FrameOf): Promise<CrlDraft> {
    const { store, issuer, clock } = this.#options;
    const previous = this.#appendable('delta');
    if (previous !== undefined && previous.baseNumber !== null && !this.#isTooLong(previous.entries)) {
      const { baseNumber } = previous;
      const frame = frameOf({ kind: 'delta', baseNumber });
      const appended = await appendToDelta(this.#options, previous, frame);
      if (appended !== undefined) return { frame, baseNumber, readAt: previous.readAt, ...appended };
    }
    const readAt = clock.now();
    const base = this.#chooseBase(await deltaBase(store.read, { issuerId: issuer.issuerId, now: readAt }));
    const frame = frameOf({ kind: 'delta', baseNumber: base.number });
    const contents = await readDelta(this.#options, base.revision, frame);
    return { frame, baseNumber: base.number, readAt, ...contents };
  }

  /** The oldest full CRL in use, so that the delta helps everybody; the newest when it would be too long. */
  #chooseBase(oldest: PublishedCrl | undefined): Pick<PublishedCrl, 'number' | 'revision'> {
    const full = this.#own('full');
    if (full === undefined) throw new Error('there is no full CRL that a delta could be based on');
    if (oldest === undefined) return full;
    return this.#isTooLong(this.newestRevision() - oldest.revision) ? full : oldest;
  }

  /** A delta that is not much shorter than the full CRL helps nobody. */
  #isTooLong(entries: number): boolean {
    return entries > Math.max(leastLongDelta, (this.#own('full')?.entries ?? 0) / 4);
  }

  /** The CRL whose list may be continued, unless it is time to read the whole list again. */
  #appendable(scope: string): OwnCrl | undefined {
    return this.#isDue(scope) ? undefined : this.#own(scope);
  }

  #isDue(scope: string): boolean {
    const { clock, times } = this.#options;
    const now = clock.now();
    const { readAt, thisUpdate } = this.#own(scope) ?? { readAt: Number.NEGATIVE_INFINITY, thisUpdate: now };
    // Made while the clock was ahead, and set right since: nobody takes it until its time has come.
    if (thisUpdate > now) return true;
    return now >= (this.#due.get(scope) ?? 0) || now >= readAt + intervalMs(times);
  }

  /** Whether a full or delta CRL lacks revocations, and another one may follow it by now. */
  #lags(scope: 'full' | 'delta'): boolean {
    const crl = this.#own(scope);
    if (crl === undefined) return true;
    if (performance.now() < (this.#gapEnds.get(scope) ?? 0)) return false;
    // The full CRL can have what its shards have; before that another one would be no better.
    const within = scope === 'full' ? this.#options.watch.pending.oldest() - 1 : Number.POSITIVE_INFINITY;
    return Math.min(this.newestRevision(), within) > crl.revision;
  }

  /** An entry stays until a CRL after its expiry had it (RFC 5280 s3.3): the shard's own, and the full one made from it. */
  #listedFrom(shard: string): number {
    return Math.min(this.#own(shard)?.thisUpdate ?? 0, this.#own('full')?.thisUpdate ?? 0);
  }

  #hasAllShards(): boolean {
    // Once there, a CRL never goes.
    this.#isComplete ||= this.#shards().every((shard) => this.#own(shard) !== undefined);
    return this.#isComplete;
  }

  #shards(): string[] {
    return Array.from({ length: this.#options.issuer.crlShards }, (_, shard) => String(shard));
  }

  #own(scope: string): OwnCrl | undefined {
    const { served, issuer } = this.#options;
    const crl = served.get(issuer.issuerId, scope);
    return crl !== undefined && hasList(crl) ? crl : undefined;
  }
}

function hasList(crl: ServedCrl): crl is OwnCrl {
  return crl.list !== undefined;
}
