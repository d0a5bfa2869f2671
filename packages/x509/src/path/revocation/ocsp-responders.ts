import { DerError, equalBytes } from '@vcc-pki/asn1';
import { responderKeyHash } from '../../ocsp/build-ocsp-response.ts';
import type { BasicOcspResponse } from '../../ocsp/ocsp-response.ts';
import { X509Error } from '../../x509-error.ts';
import { type CertificateRules, checkCertificate } from '../check-certificate.ts';
import { nameKey } from '../names/name-key.ts';
import { PathCertificate } from '../path-certificate.ts';
import { type PathError, toPathError } from '../path-error.ts';
import { checkEndEntityPurpose } from '../purpose.ts';
import type { CertificateInPath, RevocationContext } from './revocation-context.ts';
import type { RevocationStatus } from './revocation-status.ts';

/**
 * Finds out whether an OCSP response is signed by one who may (RFC 6960 s4.2.2.2): the CA that issued the certificate in
 * question, or a responder whose certificate that same key issued for the purpose OCSPSigning.
 */
export class OcspResponders {
  readonly #context: RevocationContext;
  readonly #rules: CertificateRules;
  readonly #crlStatus: (target: CertificateInPath) => Promise<RevocationStatus>;
  readonly #faults = new Map<BasicOcspResponse, Map<PathCertificate, string | undefined>>();

  /** @param crlStatus tells the revocation of responders that do not have ocsp-nocheck. */
  constructor(
    context: RevocationContext,
    rules: CertificateRules,
    crlStatus: (target: CertificateInPath) => Promise<RevocationStatus>,
  ) {
    this.#context = context;
    this.#rules = rules;
    this.#crlStatus = crlStatus;
  }

  /** Why the response's signer may not speak for the target's issuer. @throws {@link PathError} `limitExceeded` */
  async fault(response: BasicOcspResponse, target: CertificateInPath): Promise<string | undefined> {
    const issuer = target.chain[target.index + 1] as PathCertificate;
    const byIssuer = this.#faults.get(response) ?? new Map<PathCertificate, string | undefined>();
    this.#faults.set(response, byIssuer);
    if (!byIssuer.has(issuer)) byIssuer.set(issuer, await this.#findFault(response, target));
    return byIssuer.get(issuer);
  }

  async #findFault(response: BasicOcspResponse, target: CertificateInPath): Promise<string | undefined> {
    let problem = 'no certificate of its signer is at hand';
    try {
      for (const responder of candidates(response, target)) {
        if (!(await this.#context.signatures.verify(response, responder, target.index))) {
          problem = "its signature is not the responder's";
          continue;
        }
        const isIssuer = responder === target.chain[target.index + 1];
        const fault = isIssuer ? undefined : await this.#delegationFault(responder, target);
        if (fault === undefined) return undefined;
        problem = fault;
      }
      return problem;
    } catch (error) {
      return textOf(toPathError(error, target.index));
    }
  }

  /** s4.2.2.2 and s4.2.2.2.1 */
  async #delegationFault(responder: PathCertificate, target: CertificateInPath): Promise<string | undefined> {
    const issuer = target.chain[target.index + 1] as PathCertificate;
    try {
      if (responder.issuer.text !== issuer.subject.text)
        return "the responder is not delegated by the certificate's CA";
      checkCertificate(responder, this.#rules, 0);
      checkEndEntityPurpose(responder, 'ocspSigning');
    } catch (error) {
      return textOf(toPathError(error, 0));
    }
    if (!(await this.#context.signatures.verify(responder.certificate, issuer, target.index))) {
      return "the responder's certificate is not signed by the certificate's CA";
    }
    return responder.extensions.ocspNoCheck ? undefined : await this.#revocationFault(responder, target);
  }

  /** s4.2.2.2.1: without ocsp-nocheck the responder's own revocation counts; by CRL, so that there is no circle. */
  async #revocationFault(responder: PathCertificate, target: CertificateInPath): Promise<string | undefined> {
    const chain = [responder, ...target.chain.slice(target.index + 1)];
    const status = await this.#crlStatus({ chain, index: 0 });
    if (status.type === 'revoked') return "the responder's certificate is revoked";
    if (status.type === 'undetermined') return `the responder's revocation is not known: ${status.problems.join('; ')}`;
    const isMissing = status.type === 'silent' && this.#context.mode === 'require';
    return isMissing ? 'the responder has no ocsp-nocheck, and no CRL speaks of it' : undefined;
  }
}

/** The CA itself, then the certificates that came along, as far as the response names them as its signer. */
function candidates(response: BasicOcspResponse, { chain, index }: CertificateInPath): PathCertificate[] {
  const issuer = chain[index + 1] as PathCertificate;
  const sent = response.certificates.flatMap((der) => (equalBytes(der, issuer.der) ? [] : parseQuietly(der)));
  return [issuer, ...sent].filter((certificate) => isNamedResponder(response, certificate));
}

function parseQuietly(der: Uint8Array): PathCertificate[] {
  try {
    return [new PathCertificate(der)];
  } catch (error) {
    if (error instanceof DerError || error instanceof X509Error) return [];
    throw error;
  }
}

function textOf(error: PathError): string {
  if (error.code === 'limitExceeded') throw error;
  return `${error.code}: ${error.message}`;
}

/** True when the response names that certificate as its signer. */
function isNamedResponder({ responderId }: BasicOcspResponse, certificate: PathCertificate): boolean {
  if (responderId.type === 'byName') return nameKey(responderId.name).text === certificate.subject.text;
  return equalBytes(responderId.keyHash, responderKeyHash(certificate.certificate.subjectPublicKeyInfo.der));
}
