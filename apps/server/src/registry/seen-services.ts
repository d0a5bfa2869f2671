import type { Clock } from '../clock.ts';
import type { Store } from '../store/index.ts';

export interface SeenServicesOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** Between two writes; `last_seen` is as exact as that. */
  readonly intervalMs: number;
  readonly onFailure: (error: unknown) => void;
}

/** Services written at a time, so that other writers get in between. */
const batchSize = 500;

/**
 * Remembers who has called, and writes it down once in a while for all together: a request costs an entry in a set, and
 * never waits for the ledger. What is lost in a crash is the last interval.
 */
export class SeenServices {
  readonly #options: SeenServicesOptions;
  #seen = new Set<string>();
  #latest = 0;
  #writing: Promise<void> | undefined;
  readonly #timer: NodeJS.Timeout;

  constructor(options: SeenServicesOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.write(), options.intervalMs);
    this.#timer.unref();
  }

  /** Notes that a service has called with a certificate that is good. */
  note(serviceId: string): void {
    this.#seen.add(serviceId);
    this.#latest = this.#options.clock.now();
  }

  /** Writes what was noted since the last time; never rejects. What could not be written is written with the next. */
  write(): Promise<void> {
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
    });
    return this.#writing;
  }

  /** Writes what is left. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#writing;
    await this.write();
  }

  async #writeAll(): Promise<void> {
    const serviceIds = [...this.#seen];
    const at = this.#latest;
    this.#seen = new Set();
    try {
      for (let start = 0; start < serviceIds.length; start += batchSize) {
        const batch = serviceIds.slice(start, start + batchSize);
        await this.#options.store.ledger.submit('recordSeen', { serviceIds: batch, at });
      }
    } catch (error) {
      for (const serviceId of serviceIds) this.#seen.add(serviceId);
      this.#options.onFailure(error);
    }
  }
}
