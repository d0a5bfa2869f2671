import type { Signer } from '@vcc-pki/signer';
import type { Certificate } from '@vcc-pki/x509';

/** What is needed to sign as a CA. */
export type SigningIssuer = Pick<Issuer, 'issuerId' | 'signer'>;

/** A CA that signs here: its certificate, its key behind a {@link Signer}, and where its CRL and certificate are published. */
export interface Issuer {
  /** Lower-case hex of the subject key identifier: names the issuer in URLs and in the ledger. */
  readonly issuerId: string;
  /** The same as octets, for authorityKeyIdentifier. */
  readonly keyIdentifier: Uint8Array;
  readonly certificate: Certificate;
  /** Common name, as shown to people. */
  readonly commonName: string;
  readonly signer: Signer;
  /** DER certificates that a relying party needs between a leaf and its trust anchor: this issuer first, root left out. */
  readonly chain: readonly Uint8Array[];
  readonly rootCertificate: Certificate;
  /** `http:` URL of this issuer's full CRL (RFC 5280 s8: never https). */
  readonly crlUrl: string;
  /** Into how many shards that CRL is divided; each certificate names its own (`crlUrlOf`). */
  readonly crlShards: number;
  /** `http:` URL of this issuer's own certificate in DER (RFC 5280 s4.2.2.1). */
  readonly caIssuersUrl: string;
  /** `http:` URL of this issuer's OCSP responder; `undefined` while OCSP is switched off. */
  readonly ocspUrl: string | undefined;
}
