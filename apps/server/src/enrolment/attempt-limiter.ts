import { isIPv6 } from 'node:net';
import { PkiError } from '@vcc-pki/api';
import { ipAddressFromText, ipAddressToText } from '@vcc-pki/x509';
import type { Clock } from '../clock.ts';

export interface AttemptLimits {
  /** Refused attempts a minute from one address; then it is turned away for a while, whatever it brings. */
  readonly refusalsPerAddress: number;
  /** Attempts a minute from everywhere, at this server. */
  readonly attempts: number;
}

const minuteMs = 60_000;

/** Addresses that are remembered; 64 octets each or so. When it is full, the one longest without a refusal is forgotten. */
const maxAddresses = 100_000;

/**
 * Bounds what callers without a certificate can make the server do. Who has a good token is never limited by address:
 * a whole cluster may start behind one. Each limit is one number, as in `store/operations/gcra.ts`, kept in memory.
 */
export class AttemptLimiter {
  readonly #clock: Clock;
  readonly #limits: AttemptLimits;
  readonly #refusals = new Map<string, number>();
  #attempts = 0;

  constructor(clock: Clock, limits: AttemptLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** Counts an attempt. @throws PkiError `rateLimited`, with `retryAfterSeconds`. */
  attempt(address: string): void {
    const now = this.#clock.now();
    this.#check(this.#refusals.get(networkOf(address)) ?? 0, this.#limits.refusalsPerAddress, now);
    this.#check(this.#attempts, this.#limits.attempts, now);
    this.#attempts = next(this.#attempts, this.#limits.attempts, now);
  }

  /** Counts an attempt that was refused. */
  refused(address: string): void {
    const network = networkOf(address);
    const tat = next(this.#refusals.get(network) ?? 0, this.#limits.refusalsPerAddress, this.#clock.now());
    // Put behind all others: the first of the map is the one that was longest without a refusal.
    this.#refusals.delete(network);
    this.#refusals.set(network, tat);
    if (this.#refusals.size <= maxAddresses) return;
    for (const oldest of this.#refusals.keys()) {
      this.#refusals.delete(oldest);
      return;
    }
  }

  #check(tat: number, perMinute: number, now: number): void {
    const latest = now + minuteMs - minuteMs / perMinute;
    // A unit is never due in more than a minute: the clock was put back, and nobody waits until it is where it was.
    if (tat <= latest || tat > now + minuteMs) return;
    throw new PkiError('rateLimited', 'too many attempts to enrol', {
      retryAfterSeconds: Math.max(1, Math.ceil((tat - latest) / 1000)),
    });
  }
}

/** The theoretical arrival time after one more unit. */
function next(tat: number, perMinute: number, now: number): number {
  return (tat > now && tat <= now + minuteMs ? tat : now) + minuteMs / perMinute;
}

/** Who has an IPv6 address has 2^64 of them (RFC 4291 s2.5.1): the network is what counts. */
function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const octets = ipAddressFromText(address.replace(/%.*$/, ''));
  const isMapped = octets.subarray(0, 12).every((octet, i) => octet === (i < 10 ? 0x00 : 0xff));
  return ipAddressToText(isMapped ? octets.subarray(12) : octets.fill(0, 8));
}
