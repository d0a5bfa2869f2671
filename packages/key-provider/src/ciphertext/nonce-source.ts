import { randomFillSync } from 'node:crypto';
import { xaesNonceBytes } from './xaes.ts';

/** Octets of the clock at the end of a nonce. */
const clockBytes = 8;
const poolBytes = 256 * xaesNonceBytes;
/** Milliseconds in 2^32 nanoseconds. */
const highUnitMs = 2 ** 32 / 1e6;

/**
 * Nonces of XAES: 16 random octets and 8 of a clock in nanoseconds, so that two clones of one machine whose random numbers
 * repeat would have to meet in the same nanosecond too. Without the clock, which tells when a record was written, 24 random ones.
 */
export class NonceSource {
  readonly #withClock: boolean;
  readonly #pool = Buffer.alloc(poolBytes);
  #used = poolBytes;
  /** Nanoseconds as two halves; the lower one counts on within one reading. */
  #high = 0;
  #low = 0;

  constructor({ withClock = true }: { readonly withClock?: boolean } = {}) {
    this.#withClock = withClock;
  }

  /** Reads the clock for the nonces that follow, until it is read again. */
  readClock(): void {
    const ms = performance.timeOrigin + performance.now();
    this.#high = Math.floor(ms / highUnitMs);
    this.#low = Math.floor((ms % highUnitMs) * 1e6);
  }

  /** Writes a nonce that was never given before. */
  writeInto(output: Buffer, offset: number): void {
    if (this.#used === poolBytes) this.#refill();
    const pool = this.#pool;
    const used = this.#used;
    this.#used = used + xaesNonceBytes;
    // Octet by octet: a call of the runtime costs more than so few of them.
    for (let i = 0; i < xaesNonceBytes; i++) output[offset + i] = pool[used + i] as number;
    if (!this.#withClock) return;
    this.#low++;
    output.writeUInt32BE(this.#high, offset + xaesNonceBytes - clockBytes);
    output.writeUInt32BE(this.#low >>> 0, offset + xaesNonceBytes - clockBytes / 2);
  }

  #refill(): void {
    randomFillSync(this.#pool);
    this.#used = 0;
  }
}
