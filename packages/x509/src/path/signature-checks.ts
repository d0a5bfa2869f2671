import { encodeBitString, encodeSequence, type Oid } from '@vcc-pki/asn1';
import type { AlgorithmIdentifier } from '../algorithm-identifier.ts';
import { parseSubjectPublicKeyInfo } from '../subject-public-key-info.ts';
import { verifySignature } from '../verify-signature.ts';
import { type AlgorithmPolicy, allowedSignatureAlgorithm } from './algorithms.ts';
import type { Budget } from './limits.ts';
import type { PathCertificate } from './path-certificate.ts';
import { VerifiedSignatures } from './verified-signatures.ts';

/** RFC 3279 s2.3.2 */
const dsaKeyOid: Oid = '1.2.840.10040.4.1';

/** Something signed: a certificate, a CRL, an OCSP response. */
export interface SignedData {
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly tbsDer: Uint8Array;
  readonly signature: Uint8Array;
}

/** Of what CAs publish, for all calls: true for ever, whatever else a call is about. */
const publishedSignatures = new VerifiedSignatures();

/** Verifies each pair of signed data and signer once, and pays for it from the budget. */
export class SignatureChecks {
  readonly #algorithms: AlgorithmPolicy;
  readonly #budget: Budget;
  readonly #known = new Map<SignedData, Map<PathCertificate, boolean>>();

  /** Keys that take their parameters from the issuer's. */
  readonly #workingKeys = new Map<PathCertificate, Uint8Array>();

  constructor(algorithms: AlgorithmPolicy, budget: Budget) {
    this.#algorithms = algorithms;
    this.#budget = budget;
  }

  /** Whether that pair is known to be bad, without verifying anything. */
  isKnownBad(signed: SignedData, signer: PathCertificate): boolean {
    return this.#known.get(signed)?.get(signer) === false;
  }

  /**
   * RFC 5280 s6.1.3(a)(1)
   * @param index of the certificate that is at fault when this throws.
   * @param isPublished for what a CA publishes and many calls are handed, which is remembered from one to the next.
   * @throws {@link PathError} `algorithmNotAllowed`, `limitExceeded`
   */
  async verify(signed: SignedData, signer: PathCertificate, index: number, isPublished = false): Promise<boolean> {
    const bySigner = this.#known.get(signed) ?? new Map<PathCertificate, boolean>();
    this.#known.set(signed, bySigner);
    const known = bySigner.get(signer);
    if (known !== undefined) return known;
    const algorithm = allowedSignatureAlgorithm(signed.signatureAlgorithm, this.#algorithms, index);
    this.#budget.spend('maxSignatures', index);
    const { tbsDer: data, signature } = signed;
    const workingKey = this.#workingKeys.get(signer);
    const verify = async (): Promise<boolean> => {
      const publicKey = workingKey ?? signer.publicKey;
      return publicKey !== undefined && verifySignature({ algorithm, publicKey, data, signature });
    };
    const publicKey = workingKey ?? signer.certificate.subjectPublicKeyInfo.der;
    const valid = isPublished
      ? await publishedSignatures.verify({ algorithm, publicKey, data, signature }, verify)
      : await verify();
    bySigner.set(signer, valid);
    return valid;
  }

  /**
   * Takes over the parameters of a DSA key that has none from its issuer's key (RFC 5280 s6.1.4(e)); other kinds of keys
   * that are accepted carry theirs. To be called from the trust anchor down.
   */
  inheritParameters(subject: PathCertificate, issuer: PathCertificate): void {
    const { algorithm, publicKey } = subject.certificate.subjectPublicKeyInfo;
    if (algorithm.oid !== dsaKeyOid || algorithm.parameters.length > 0) return;
    const issuerKey = this.#workingKeys.get(issuer) ?? issuer.certificate.subjectPublicKeyInfo.der;
    const issuerAlgorithm = parseSubjectPublicKeyInfo(issuerKey).algorithm;
    if (issuerAlgorithm.oid !== dsaKeyOid) return;
    this.#workingKeys.set(subject, encodeSequence(issuerAlgorithm.der, encodeBitString(publicKey)));
  }
}
