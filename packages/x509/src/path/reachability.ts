import type { CertificatePool } from './certificate-pool.ts';
import type { Budget } from './limits.ts';
import type { PathCertificate } from './path-certificate.ts';
import type { SignatureChecks } from './signature-checks.ts';

/** In which place a certificate stands above others. */
export type IssuerPlace = 'anchor' | 'intermediate';

/** Whether a certificate is known not to be fit for a place. */
type UnusableTest = (certificate: PathCertificate, place: IssuerPlace) => boolean;

/**
 * Which intermediates can still reach a trust anchor: by names, without the certificates and signatures that are known
 * to be bad. Found breadth first from the anchors down, again after each new bad one; its work is paid for like the search's.
 */
export class Reachability {
  readonly #anchors: CertificatePool;
  readonly #intermediates: CertificatePool;
  readonly #signatures: SignatureChecks;
  readonly #budget: Budget;
  readonly #isBad: UnusableTest;
  readonly #byIssuer = new Map<string, PathCertificate[]>();
  #reaching: Set<PathCertificate> | undefined;

  constructor(
    context: {
      readonly anchors: CertificatePool;
      readonly intermediates: CertificatePool;
      readonly signatures: SignatureChecks;
      readonly budget: Budget;
    },
    isBad: UnusableTest,
  ) {
    this.#anchors = context.anchors;
    this.#intermediates = context.intermediates;
    this.#signatures = context.signatures;
    this.#budget = context.budget;
    this.#isBad = isBad;
  }

  leadsToAnchor(certificate: PathCertificate): boolean {
    this.#reaching ??= this.#findReaching();
    return this.#reaching.has(certificate);
  }

  /** To be called when a certificate or a signature turned out to be bad. */
  forget(): void {
    this.#reaching = undefined;
  }

  #findReaching(): Set<PathCertificate> {
    if (this.#byIssuer.size === 0) this.#indexByIssuer();
    const reaching = new Set<PathCertificate>();
    const queue = [...this.#anchors].filter((anchor) => !this.#isBad(anchor, 'anchor'));
    for (let issuer = queue.pop(); issuer !== undefined; issuer = queue.pop()) {
      const issued = this.#byIssuer.get(issuer.subject.text) ?? [];
      this.#budget.spend('maxCandidates', 0, issued.length);
      for (const certificate of issued) {
        if (reaching.has(certificate) || this.#signatures.isKnownBad(certificate.certificate, issuer)) continue;
        reaching.add(certificate);
        if (!this.#isBad(certificate, 'intermediate')) queue.push(certificate);
      }
    }
    return reaching;
  }

  #indexByIssuer(): void {
    for (const certificate of this.#intermediates) {
      const { text } = certificate.issuer;
      const issued = this.#byIssuer.get(text);
      if (issued === undefined) this.#byIssuer.set(text, [certificate]);
      else issued.push(certificate);
    }
  }
}
