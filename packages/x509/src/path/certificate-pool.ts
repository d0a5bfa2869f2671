import { DerError, equalBytes } from '@vcc-pki/asn1';
import { X509Error } from '../x509-error.ts';
import { parsePathCertificate } from './parsed-certificates.ts';
import { PathCertificate } from './path-certificate.ts';

/**
 * Certificates that may stand in a path, found by their subject. Those that cannot be parsed are left out: somebody
 * else's broken certificate must not keep a good path from being found.
 */
export class CertificatePool {
  readonly #bySubject = new Map<string, PathCertificate[]>();
  #unreadable = 0;

  /** @param certificates DER, or certificates that are parsed already. */
  constructor(certificates: Iterable<Uint8Array | PathCertificate>) {
    for (const certificate of certificates) {
      const parsed = certificate instanceof PathCertificate ? certificate : this.#parse(certificate);
      if (parsed !== undefined) this.#add(parsed);
    }
  }

  /** How many could not be parsed. */
  get unreadable(): number {
    return this.#unreadable;
  }

  /** The certificates of a subject, given by its comparison text, in the order they came in. */
  bySubject(subject: string): readonly PathCertificate[] {
    return this.#bySubject.get(subject) ?? [];
  }

  *[Symbol.iterator](): Generator<PathCertificate> {
    for (const certificates of this.#bySubject.values()) yield* certificates;
  }

  #add(certificate: PathCertificate): void {
    const { text } = certificate.subject;
    const known = this.#bySubject.get(text);
    if (known === undefined) this.#bySubject.set(text, [certificate]);
    else if (!known.some((other) => equalBytes(other.der, certificate.der))) known.push(certificate);
  }

  #parse(der: Uint8Array): PathCertificate | undefined {
    try {
      return parsePathCertificate(der);
    } catch (error) {
      if (!(error instanceof DerError || error instanceof X509Error)) throw error;
      this.#unreadable++;
      return undefined;
    }
  }
}
