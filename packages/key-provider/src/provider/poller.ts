import type { CacheKeeper } from './cache-keeper.ts';
import type { KekServer } from './kek-server.ts';
import type { ProviderState } from './provider-state.ts';
import type { ServerFollower } from './server-follower.ts';

export interface PollerOptions {
  readonly state: ProviderState;
  readonly server: KekServer;
  readonly follower: ServerFollower;
  readonly instance: string;
  readonly keeper?: CacheKeeper | undefined;
}

/** Shortest time between two looks for which uses ask: a use that finds something stale asks each time. */
const soonMs = 1_000;

/** Spread of the time between two looks, so that a fleet does not look in step. */
const pollSpread = 0.1;

/** Looks at the server now and then, at once when the server says that something has changed, and tells it what is known here. */
export class Poller {
  readonly #options: PollerOptions;
  readonly #acknowledged = new Map<string, number>();
  #cancel: (() => void) | undefined;
  #unwatch: (() => void) | undefined;
  #lookedSoonAtMs = Number.NEGATIVE_INFINITY;
  #isClosed = false;

  constructor(options: PollerOptions) {
    this.#options = options;
  }

  start(): void {
    const { server, state } = this.#options;
    this.#unwatch = server.watch?.((isNews) => void this.#look({ isNews }));
    void this.save().then(() => this.report());
    this.#schedule(state.policy.pollMs);
  }

  close(): void {
    this.#isClosed = true;
    this.#cancel?.();
    this.#unwatch?.();
  }

  /** Looks in the background, unless that was done a moment ago or the server is known to be down. */
  lookSoon(): void {
    const { time, breaker } = this.#options.state;
    const nowMs = time.monotonic();
    if (this.#isClosed || nowMs - this.#lookedSoonAtMs < soonMs || breaker.waitMs > 0) return;
    this.#lookedSoonAtMs = nowMs;
    void this.#look({ isNews: false });
  }

  /** Looks in the background whatever was looked at before: something has happened. */
  lookNow(): void {
    if (!this.#isClosed) void this.#look({ isNews: true });
  }

  hasAcknowledged(line: string): boolean {
    return (this.#acknowledged.get(line) ?? -1) >= this.#options.state.book.epoch(line);
  }

  /**
   * Tells the server which epochs are taken over here, and what a scan has found. A failure is told as an event and made
   * good by the next report, except that of a scan, which is thrown.
   */
  async report(scan?: { readonly line: string; readonly records: ReadonlyMap<number, number> }): Promise<void> {
    const { book } = this.#options.state;
    const lines = scan === undefined ? book.lineNames : [scan.line];
    for (const line of lines) {
      try {
        await this.#reportLine(line, scan?.records);
      } catch (error) {
        this.#options.state.events.emit('failure', { what: 'report', error });
        if (scan !== undefined) throw error;
      }
    }
  }

  async #reportLine(line: string, records?: ReadonlyMap<number, number>): Promise<void> {
    const { server, state, instance } = this.#options;
    const epoch = state.book.epoch(line);
    const { pollMs } = state.policy;
    const found = records && [...records].map(([version, count]) => ({ version, records: count }));
    await server.report(line, {
      ...{ instance, epoch },
      ...(pollMs > 0 && { poll_interval_seconds: Math.max(1, Math.round(pollMs / 1000)) }),
      ...(found && { scan: { records: found } }),
    });
    this.#acknowledged.set(line, epoch);
  }

  async #look({ isNews }: { readonly isNews: boolean }): Promise<boolean> {
    const { follower, state } = this.#options;
    const byMs = state.clock.takeJump();
    if (byMs !== 0) {
      state.metrics.clockJumps += 1;
      state.events.emit('clockJump', { byMs });
    }
    try {
      await follower.pull({ isNews: isNews || byMs !== 0 });
    } catch {
      // Told by the follower; tried again by the schedule.
      return false;
    }
    if (this.#isClosed) return true;
    await this.save();
    await this.report();
    return true;
  }

  /** Saves what is in memory, where that is wanted and due. A failure is told as an event. */
  async save(): Promise<void> {
    try {
      await this.#options.keeper?.saveIfDue();
    } catch (error) {
      this.#options.state.events.emit('failure', { what: 'sealedCache', error });
    }
  }

  #schedule(delayMs: number): void {
    if (this.#isClosed || delayMs === 0) return;
    const { time, policy, random } = this.#options.state;
    const spreadMs = delayMs * (1 + pollSpread * (2 * random() - 1));
    this.#cancel = time.after(spreadMs, () => {
      void this.#look({ isNews: false }).then((isDone) =>
        this.#schedule(isDone ? policy.pollMs : policy.pollAfterFailureMs),
      );
    });
  }
}
