import type { Signer } from '@vcc-pki/signer';
import type { Clock } from '../clock.ts';

/** A key that may sign OCSP answers for one issuer, and the certificate that says so (RFC 6960 s4.2.2.2). */
export interface ResponderCredential {
  readonly signer: Signer;
  /** DER; sent along with every answer. */
  readonly certificate: Uint8Array;
  /** By which answers name their signer (RFC 6960 s4.2.1). */
  readonly keyHash: Uint8Array;
  readonly notBefore: number;
  readonly notAfter: number;
}

export interface ResponderKeyOptions {
  readonly clock: Clock;
  /** Makes a new key and has the issuer certify it. */
  readonly make: () => Promise<ResponderCredential>;
  readonly onRenewed: (credential: ResponderCredential) => void;
  readonly onFailure: (error: unknown) => void;
}

/** It is renewed when this part of its life is over: before half of it, so that answers end within the other half. */
const renewalPoint = 0.4;

/** After a failure it is not tried again at once: requests come by the thousand, and each try writes to the ledger. */
const retryMs = 10_000;

/** The responder's key and certificate: in memory only, made at the start, replaced while answers are being signed. */
export class ResponderKey {
  readonly #options: ResponderKeyOptions;
  #current: ResponderCredential | undefined;
  #renewal: Promise<ResponderCredential> | undefined;
  #failure: { readonly error: unknown; readonly at: number } | undefined;

  constructor(options: ResponderKeyOptions) {
    this.#options = options;
  }

  /**
   * What to sign with now. When it is due, the next one is made meanwhile.
   * @throws what making one threw, when there is none that is valid.
   */
  async current(): Promise<ResponderCredential> {
    const now = this.#options.clock.now();
    const current = this.#current;
    // Before its time, when the clock was put back, nobody takes what it signs.
    if (current === undefined || now >= current.notAfter || now < current.notBefore) return this.#renew();
    if (isDue(current, now)) this.#renew().catch(() => undefined);
    return current;
  }

  /** What it has, be it due or not. */
  get credential(): ResponderCredential | undefined {
    return this.#current;
  }

  /** Makes the next one when the time has come. A failure is told to `onFailure`; the next call tries again. */
  async renewIfDue(): Promise<void> {
    if (this.#current !== undefined && !isDue(this.#current, this.#options.clock.now())) return;
    await this.#renew().catch(() => undefined);
  }

  async close(): Promise<void> {
    await this.#renewal?.catch(() => undefined);
    await this.#current?.signer.close();
  }

  /** One renewal at a time, shared by all who ask. */
  #renew(): Promise<ResponderCredential> {
    const { clock } = this.#options;
    if (this.#failure !== undefined && clock.now() < this.#failure.at + retryMs) {
      return Promise.reject(this.#failure.error);
    }
    this.#renewal ??= this.#make().finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  async #make(): Promise<ResponderCredential> {
    const { clock, make, onRenewed, onFailure } = this.#options;
    try {
      const next = await make();
      this.#failure = undefined;
      // The old key is not closed: a signature under way may still need it. It is gone with its last reference.
      this.#current = next;
      onRenewed(next);
      return next;
    } catch (error) {
      this.#failure = { error, at: clock.now() };
      onFailure(error);
      throw error;
    }
  }
}

function isDue({ notBefore, notAfter }: ResponderCredential, now: number): boolean {
  return now < notBefore || now >= notBefore + (notAfter - notBefore) * renewalPoint;
}
