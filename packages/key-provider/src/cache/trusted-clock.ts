import type { TimeSource } from './time-source.ts';

/** A moment by both clocks. */
export interface Moment {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

/** A wall clock that moved by more than this against the monotonic clock has jumped; NTP slews by 0.5 ms a second. */
const jumpThresholdMs = 2_000;

/**
 * Two clocks, of which the one that says "later" is believed: setting the wall clock back extends no limit, and neither
 * does a monotonic clock that stood still while the machine slept. A wall clock that is set forward by mistake stops
 * use too early; when it is set right, use goes on.
 */
export class TrustedClock {
  readonly #time: TimeSource;
  /** The moment by which the wall clock is held against the monotonic one. */
  #anchor: Moment;
  /** How far the wall clock had drifted from the monotonic one when last looked at. */
  #drift = 0;

  constructor(time: TimeSource) {
    this.#time = time;
    this.#anchor = { wallMs: time.now(), monotonicMs: time.monotonic() };
  }

  /** The present by the clock that is ahead: milliseconds since the epoch. */
  now(): number {
    return this.nowBy(this.#time.now(), this.#time.monotonic());
  }

  /** {@link now} for readings of both clocks, which whoever needs more of them takes once. */
  nowBy(wallMs: number, monotonicMs: number): number {
    return Math.max(wallMs, this.#anchor.wallMs + monotonicMs - this.#anchor.monotonicMs);
  }

  /** The present, to measure an age from. */
  moment(): Moment {
    return { wallMs: this.#time.now(), monotonicMs: this.#time.monotonic() };
  }

  /** How long ago `since` was, by the clock on which that is longer. */
  age(since: Moment): number {
    return this.ageBy(since, this.#time.now(), this.#time.monotonic());
  }

  /** {@link age} for readings of both clocks. */
  ageBy(since: Moment, wallMs: number, monotonicMs: number): number {
    return Math.max(wallMs - since.wallMs, monotonicMs - since.monotonicMs);
  }

  /** By how much the wall clock has jumped since this was last asked; 0 when it has not. */
  takeJump(): number {
    const drift = this.#time.now() - this.#anchor.wallMs - (this.#time.monotonic() - this.#anchor.monotonicMs);
    const jump = drift - this.#drift;
    if (Math.abs(jump) < jumpThresholdMs) return 0;
    this.#drift = drift;
    return jump;
  }

  /** Believes the wall clock as it is now: after a server that is trusted has shown about the same time. */
  trustWallClock(): void {
    this.#anchor = this.moment();
    this.#drift = 0;
  }
}
