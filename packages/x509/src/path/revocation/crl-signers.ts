import { equalBytes } from '@vcc-pki/asn1';
import type { PathCertificate } from '../path-certificate.ts';
import { toPathError } from '../path-error.ts';
import type { PathCrl } from './path-crl.ts';
import type { CertificateInPath, RevocationContext } from './revocation-context.ts';

/** Finds out whose key signed a CRL, and whether it may (RFC 5280 s6.3.3(f) and (g)). */
export class CrlSigners {
  readonly #context: RevocationContext;
  /** What came of validating a signer outside of the path, for one trust anchor. */
  readonly #validated = new Map<PathCertificate, Map<PathCertificate, string | undefined>>();

  constructor(context: RevocationContext) {
    this.#context = context;
  }

  /**
   * The certificate whose key signed the CRL, which has cRLSign and a valid path to the same trust anchor.
   * @returns instead of it the reason why there is none.
   */
  async find(crl: PathCrl, target: CertificateInPath): Promise<PathCertificate | string> {
    let problem = 'no certificate of its issuer is at hand';
    for (const candidate of this.#candidates(crl, target)) {
      const outcome = await this.#judge(crl, candidate, target);
      if (outcome === undefined) return candidate;
      problem = outcome;
    }
    return problem;
  }

  /** Whether that certificate's key signed the CRL. @throws {@link PathError} `limitExceeded`, `algorithmNotAllowed` */
  isSignedBy(crl: PathCrl, signer: PathCertificate, index: number): Promise<boolean> {
    return this.#context.signatures.verify(crl.list, signer, index, true);
  }

  async #judge(crl: PathCrl, candidate: PathCertificate, target: CertificateInPath): Promise<string | undefined> {
    try {
      if (!(await this.isSignedBy(crl, candidate, target.index))) return "its signature is not its issuer's";
      // (f): "If a key usage extension is present in the CRL issuer's certificate, verify that the cRLSign bit is set."
      if (candidate.extensions.keyUsage?.includes('cRLSign') === false)
        return 'its issuer may not sign CRLs (keyUsage)';
      if (target.chain.indexOf(candidate) > target.index || isTrustedWithItself(crl, candidate, target))
        return undefined;
      return await this.#validate(candidate, target.chain.at(-1) as PathCertificate);
    } catch (error) {
      return faultText(error, 'its issuer');
    }
  }

  /** (f): the path of a CRL issuer leads to the same trust anchor as the certificate's. */
  async #validate(signer: PathCertificate, anchor: PathCertificate): Promise<string | undefined> {
    const byAnchor = this.#validated.get(signer) ?? new Map<PathCertificate, string | undefined>();
    this.#validated.set(signer, byAnchor);
    if (byAnchor.has(anchor)) return byAnchor.get(anchor);
    // While it is being validated its own CRLs cannot vouch for it.
    byAnchor.set(anchor, 'its issuer would have to vouch for itself');
    const outcome = await this.#context.validate(signer, anchor).then(
      () => undefined,
      (error: unknown) => faultText(error, "its issuer's path"),
    );
    byAnchor.set(anchor, outcome);
    return outcome;
  }

  /** Certificates of the CRL's issuer: those of the path first, then by key identifier. */
  #candidates(crl: PathCrl, { chain, index }: CertificateInPath): PathCertificate[] {
    const inPath = chain.slice(index + 1).filter(({ subject }) => subject.text === crl.issuer.text);
    const others = this.#context
      .candidates(crl.issuer.text)
      .filter((one) => !inPath.some(({ der }) => equalBytes(der, one.der)));
    const all = [...inPath, ...others];
    if (all.length < 2) return all;
    const hasKey = ({ keyIdentifierHint }: PathCertificate): boolean =>
      crl.keyIdentifier !== undefined &&
      keyIdentifierHint !== undefined &&
      equalBytes(crl.keyIdentifier, keyIdentifierHint);
    return [...all.filter(hasKey), ...all.filter((one) => !hasKey(one))];
  }
}

/**
 * A CRL issuer may speak of itself only where its own certificate names it by cRLIssuer: then the CA, whose signature
 * was verified, has said so. This ends the circle that RFC 5280 s6.3.3(f) would otherwise go round.
 */
function isTrustedWithItself(crl: PathCrl, candidate: PathCertificate, { chain, index }: CertificateInPath): boolean {
  return chain[index] === candidate && crl.issuer.text !== candidate.issuer.text;
}

/** What is wrong with a signer, in words; a limit that is used up ends the whole verification. */
function faultText(error: unknown, subject: string): string {
  const pathError = toPathError(error, 0);
  if (pathError.code === 'limitExceeded') throw pathError;
  return `${subject}: ${pathError.code}: ${pathError.message}`;
}
