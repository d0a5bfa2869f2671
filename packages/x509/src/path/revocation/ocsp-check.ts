import { DerError, equalBytes } from '@vcc-pki/asn1';
import { type CertId, type CertIdHash, hashIssuer, type IssuerHashes, isIssuedBy } from '../../ocsp/cert-id.ts';
import { type BasicOcspResponse, type OcspSingleResponse, parseOcspResponse } from '../../ocsp/ocsp-response.ts';
import { X509Error } from '../../x509-error.ts';
import type { PathCertificate } from '../path-certificate.ts';
import type { OcspResponders } from './ocsp-responders.ts';
import type { CertificateInPath, RevocationContext } from './revocation-context.ts';
import type { RevocationStatus } from './revocation-status.ts';

/** Revocation by OCSP responses that are at hand (RFC 6960 s3.2). */
export class OcspCheck {
  readonly #context: RevocationContext;
  readonly #responses: readonly BasicOcspResponse[];
  readonly #responders: OcspResponders;
  readonly #hashes = new Map<PathCertificate, Map<CertIdHash, IssuerHashes>>();

  constructor(ders: Iterable<Uint8Array>, context: RevocationContext, responders: OcspResponders) {
    this.#responses = parseResponses(ders);
    this.#context = context;
    this.#responders = responders;
  }

  /** @throws {@link PathError} `limitExceeded` */
  async status(target: CertificateInPath): Promise<RevocationStatus> {
    const certificate = target.chain[target.index] as PathCertificate;
    const issuer = target.chain[target.index + 1] as PathCertificate;
    const problems: string[] = [];
    let good: RevocationStatus | undefined;
    for (const response of this.#responses) {
      const single = response.responses.find(({ certId }) => this.#isAbout(certId, certificate, issuer));
      if (single === undefined) continue;
      const problem = this.#fault(response, single) ?? (await this.#responders.fault(response, target));
      if (problem !== undefined) problems.push(`an OCSP response: ${problem}`);
      else if (single.status.type === 'revoked') return revoked(single.status);
      else if (single.status.type === 'unknown') problems.push('an OCSP response: the responder does not know it');
      else good ??= describe(response, single);
    }
    if (good !== undefined) return good;
    return problems.length > 0 ? { type: 'undetermined', problems } : { type: 'silent', notes: [] };
  }

  #isAbout(certId: CertId, { certificate }: PathCertificate, issuer: PathCertificate): boolean {
    if (certId.hash === undefined || !equalBytes(certId.serialNumber, certificate.serialNumber)) return false;
    const byHash = this.#hashes.get(issuer) ?? new Map<CertIdHash, IssuerHashes>();
    this.#hashes.set(issuer, byHash);
    const hashes = byHash.get(certId.hash) ?? hashIssuer(issuer.certificate, certId.hash);
    byHash.set(certId.hash, hashes);
    return isIssuedBy(certId, hashes);
  }

  /** What keeps an answer from being used before its signature is looked at (RFC 6960 s3.2, s4.2.2.1). */
  #fault(response: BasicOcspResponse, single: OcspSingleResponse): string | undefined {
    const { at } = this.#context;
    // RFC 6960 s4.4: no extension of a response has to be understood, so a critical one is one that we do not know.
    if ([...response.extensions, ...single.extensions].some(({ critical }) => critical)) return 'a critical extension';
    if (single.thisUpdate > at) return 'its thisUpdate is in the future';
    // RFC 9919 s3.2.4: without nextUpdate there is no telling how old it may be.
    if (single.nextUpdate === undefined) return 'nextUpdate is missing';
    return at >= single.nextUpdate + 1000 ? 'its nextUpdate has passed' : undefined;
  }
}

function parseResponses(ders: Iterable<Uint8Array>): BasicOcspResponse[] {
  const responses: BasicOcspResponse[] = [];
  for (const der of ders) {
    try {
      const parsed = parseOcspResponse(der);
      if (parsed.status === 'successful') responses.push(parsed.response);
    } catch (error) {
      // What cannot be parsed says nothing about any certificate.
      if (!(error instanceof DerError || error instanceof X509Error)) throw error;
    }
  }
  return responses;
}

function revoked(status: Extract<OcspSingleResponse['status'], { type: 'revoked' }>): RevocationStatus {
  return { type: 'revoked', revocation: { revokedAt: status.revokedAt, reason: status.reason ?? 'unspecified' } };
}

function describe({ producedAt }: BasicOcspResponse, { thisUpdate, nextUpdate }: OcspSingleResponse): RevocationStatus {
  return {
    type: 'good',
    sources: [{ type: 'ocsp', producedAt, thisUpdate, nextUpdate: nextUpdate ?? thisUpdate }],
  };
}
