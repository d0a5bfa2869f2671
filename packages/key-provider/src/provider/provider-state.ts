import { randomBytes } from 'node:crypto';
import { Breaker } from '../cache/breaker.ts';
import type { CachePolicy } from '../cache/cache-policy.ts';
import { type Judgement, judgeUse, type KekUse } from '../cache/judge-use.ts';
import { type CachedKek, KekCache } from '../cache/kek-cache.ts';
import { NegativeCache } from '../cache/negative-cache.ts';
import type { TimeSource } from '../cache/time-source.ts';
import { TrustedClock } from '../cache/trusted-clock.ts';
import type { KeyErrorCode } from '../key-error.ts';
import type { KekHandle } from '../keys/kek-handle.ts';
import { CrlBook } from './crl-book.ts';
import { KekBook } from './kek-book.ts';
import { ProviderEmitter } from './provider-events.ts';
import { ProviderMetrics } from './provider-metrics.ts';

export interface ProviderStateOptions {
  readonly policy: CachePolicy;
  readonly time: TimeSource;
  readonly random: () => number;
  readonly mayDecryptCompromised: boolean;
}

/** What a provider knows and has counted; its parts share it. */
export class ProviderState {
  readonly policy: CachePolicy;
  readonly time: TimeSource;
  readonly random: () => number;
  readonly clock: TrustedClock;
  readonly book = new KekBook();
  readonly crls = new CrlBook();
  readonly cache: KekCache<KekHandle>;
  readonly breaker: Breaker;
  readonly negative: NegativeCache<KeyErrorCode>;
  /** Certificates and secrets that did not hold: remembered whatever else changes. */
  readonly rejected: NegativeCache<KeyErrorCode>;
  readonly metrics = new ProviderMetrics();
  readonly events = new ProviderEmitter();
  /** Ids that are revoked: never taken back, whatever a server says. */
  readonly revoked = new Set<string>();
  /** The same for the life of the process: spreads a fleet. */
  readonly instanceShare: number;
  readonly mayDecryptCompromised: boolean;

  constructor({ policy, time, random, mayDecryptCompromised }: ProviderStateOptions) {
    this.policy = policy;
    this.time = time;
    this.random = random;
    this.mayDecryptCompromised = mayDecryptCompromised;
    this.clock = new TrustedClock(time);
    this.cache = new KekCache({ maxVersions: policy.maxVersions });
    const monotonic = (): number => time.monotonic();
    this.breaker = new Breaker({ monotonic, random });
    this.negative = new NegativeCache({ monotonic, random });
    this.rejected = new NegativeCache({ monotonic, random });
    this.instanceShare = randomBytes(4).readUInt32BE() / 2 ** 32;
  }

  /** Whether a version in memory may be used now. */
  judge(entry: CachedKek<KekHandle>, use: KekUse): Judgement {
    // At each use of a key: the clocks are read once, and nothing is copied.
    const wallMs = this.time.now();
    const monotonicMs = this.time.monotonic();
    const { description } = entry;
    return judgeUse(
      {
        state: description.state,
        isCompromised: description.isCompromised,
        notBeforeWriteMs: description.notBeforeWriteMs,
        notAfterWriteMs: description.notAfterWriteMs,
        isRevoked: entry.isRevoked,
        ageMs: this.clock.ageBy(entry.confirmedAt, wallMs, monotonicMs),
        crlNextUpdateMs: entry.crlNextUpdateMs,
        nowMs: this.clock.nowBy(wallMs, monotonicMs),
        policy: this.policy,
        mayDecryptCompromised: this.mayDecryptCompromised,
      },
      use,
    );
  }

  /** Whether a version is due to be validated as a whole again. */
  isRefreshDue({ validatedAt, refreshAfterMs }: CachedKek<KekHandle>): boolean {
    return this.clock.age(validatedAt) >= refreshAfterMs;
  }

  /** Refuses a version from this moment on, whoever is using it, and erases it. */
  revoke(id: string, by: 'crl' | 'server'): void {
    if (this.revoked.has(id)) return;
    this.revoked.add(id);
    const entry = this.cache.find(id);
    if (entry !== undefined) {
      entry.isRevoked = true;
      entry.handle.erase('KEK_REVOKED');
      this.cache.drop(id);
    }
    const record = this.book.find(id) ?? entry?.description;
    if (record === undefined) return;
    this.metrics.revocations += 1;
    this.events.emit('revoked', { id, line: record.lineName, version: record.version, by });
  }
}
