import { PkiError } from '@vcc-pki/api';
import type { Clock } from '../clock.ts';

/** Bounds of the work that deliveries make. */
export interface GateLimits {
  /** At the same time: sealing to X-Wing takes milliseconds of this thread. */
  readonly concurrent: number;
  /** Who waits; more are sent away. */
  readonly waiting: number;
  /** How long a nonce is remembered. */
  readonly nonceMs: number;
}

/** As many as a minute of the busiest start makes; each costs some 100 octets. */
const maxNonces = 200_000;

/**
 * Lets so many deliveries at a time through, in the order in which they came, and no nonce twice. A server of a cluster
 * knows the nonces that it has seen itself; what a repeated request gets elsewhere is sealed to the same key as before.
 */
export class DeliveryGate {
  readonly #clock: Clock;
  readonly #limits: GateLimits;
  readonly #nonces = new Map<string, number>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(clock: Clock, limits: GateLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** @throws PkiError `rateLimited` when too many wait already. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#limits.concurrent) await this.#turn();
    else this.#running += 1;
    try {
      return await work();
    } finally {
      // The place goes on to who waits longest; only when nobody does is it free.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }

  /** Remembers a nonce of a client. @throws PkiError `badKekRequest` for one that was there before. */
  takeNonce(client: string, nonce: Uint8Array): void {
    const now = this.#clock.now();
    const key = `${client} ${Buffer.from(nonce).toString('base64url')}`;
    if (this.#nonces.has(key)) {
      throw new PkiError('badKekRequest', 'the request was made before; its nonce is not new', { field: 'request' });
    }
    // The oldest stand first.
    for (const [old, end] of this.#nonces) {
      if (end > now && this.#nonces.size < maxNonces) break;
      this.#nonces.delete(old);
    }
    this.#nonces.set(key, now + this.#limits.nonceMs);
  }

  #turn(): Promise<void> {
    if (this.#waiting.length >= this.#limits.waiting) {
      throw new PkiError('rateLimited', 'too many ask for keys at once', { retryAfterSeconds: 1 });
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
