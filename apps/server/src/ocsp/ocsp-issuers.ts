import { toHex } from '@vcc-pki/asn1';
import { type CertId, type CertIdHash, hashIssuer, type IssuerHashes, isIssuedBy } from '@vcc-pki/x509';
import type { Issuer } from '../authority/issuer.ts';
import type { ResponderKey } from './responder-key.ts';

/** An issuer whose certificates are answered for, and the key that does so. */
export interface OcspIssuer extends Pick<Issuer, 'issuerId' | 'certificate'> {
  readonly key: ResponderKey;
}

/** SHA-1 for old clients, SHA-256 for those of today (RFC 9919 s3.1.1); the others cost nothing. */
const algorithms: readonly CertIdHash[] = ['sha1', 'sha256', 'sha384', 'sha512'];

/** Finds the issuer that a CertID names. Two issuers of the same name, or with the same serial numbers, are never mixed up. */
export class OcspIssuers {
  readonly #byKeyHash = new Map<string, { readonly hashes: IssuerHashes; readonly issuer: OcspIssuer }>();

  constructor(issuers: readonly OcspIssuer[]) {
    for (const issuer of issuers) {
      for (const algorithm of algorithms) {
        const hashes = hashIssuer(issuer.certificate, algorithm);
        this.#byKeyHash.set(toHex(hashes.issuerKeyHash), { hashes, issuer });
      }
    }
  }

  /** `undefined`: not one of ours. */
  find(certId: CertId): OcspIssuer | undefined {
    const candidate = this.#byKeyHash.get(toHex(certId.issuerKeyHash));
    return candidate !== undefined && isIssuedBy(certId, candidate.hashes) ? candidate.issuer : undefined;
  }
}
