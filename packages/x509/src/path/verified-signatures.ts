import { createHash } from 'node:crypto';
import type { SignatureAlgorithmName } from '../signature-algorithms.ts';

/** Of what was signed: longer is verified again each time, since finding it here would take as long on the main thread. */
const maxDataOctets = 65_536;

/** Far more than the CAs and CRL shards that one program meets again and again; 200 kB when full. */
const maxKnown = 1000;

/** What was verified: nothing that decides the outcome is left out. */
export interface SignatureTriple {
  readonly algorithm: SignatureAlgorithmName;
  /** DER SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array;
  /** DER, as what is signed in X.509 always is. */
  readonly data: Uint8Array;
  readonly signature: Uint8Array;
}

/**
 * Remembers which signatures were good, by a hash over all that decides it. For what is met again and again, such as the
 * same intermediate and the same CRL with each client that connects: an answer costs microseconds instead of a
 * verification. Bad signatures are not remembered. Who fills it with good ones of their own costs the others a
 * verification, and nothing else.
 */
export class VerifiedSignatures {
  readonly #known = new Set<string>();

  /** Whether it was good before; otherwise what `verify` says, remembered when that is good. */
  async verify(triple: SignatureTriple, verify: () => Promise<boolean>): Promise<boolean> {
    if (triple.data.length > maxDataOctets) return verify();
    const key = keyOf(triple);
    if (this.#known.has(key)) return true;
    const valid = await verify();
    if (valid) this.#add(key);
    return valid;
  }

  #add(key: string): void {
    if (this.#known.size >= maxKnown) {
      const [oldest] = this.#known;
      if (oldest !== undefined) this.#known.delete(oldest);
    }
    this.#known.add(key);
  }
}

/** Key and data are DER, which tells where it ends: two different triples never give the same octets. */
function keyOf({ algorithm, publicKey, data, signature }: SignatureTriple): string {
  return createHash('sha256')
    .update(`${algorithm}\0`)
    .update(publicKey)
    .update(data)
    .update(signature)
    .digest('base64');
}
