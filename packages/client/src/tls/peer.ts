import { createHash } from 'node:crypto';
import { toHex } from '@vcc-pki/asn1';
import {
  type Certificate,
  decodeExtension,
  extensionId,
  parseAuthorityKeyIdentifier,
  parseCertificate,
  parseSubjectAltName,
  serialToHex,
} from '@vcc-pki/x509';

/** Who is at the other end of a connection, by its certificate. */
export interface Peer {
  /** The last part of the SPIFFE ID; undefined for a certificate without one. */
  readonly serviceId: string | undefined;
  /** `spiffe://<trust domain>/<service id>` */
  readonly spiffeId: string | undefined;
  readonly dnsNames: readonly string[];
  /** Lower-case hex. */
  readonly serialNumber: string;
  /** SHA-256 of the certificate in DER, lower-case hex. */
  readonly fingerprintSha256: string;
  /** Milliseconds since the epoch. */
  readonly notAfter: number;
  /** Key identifier of the issuer, lower-case hex; undefined when the certificate does not say. */
  readonly issuerKeyId: string | undefined;
  readonly certificate: Certificate;
}

/** One service of one trust domain (SPIFFE-ID s2); a path of one segment, as the server issues it. */
const spiffePattern = /^spiffe:\/\/([a-z0-9._-]+)\/([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)$/;

/** Takes a peer's certificate apart. @throws DerError, X509Error when it is malformed */
export function parsePeer(der: Uint8Array): Peer {
  const certificate = parseCertificate(der);
  const names = decodeExtension(certificate.extensions, extensionId.subjectAltName, parseSubjectAltName) ?? [];
  const uris = names.flatMap((name) => (name.type === 'uniformResourceIdentifier' ? [name.value] : []));
  // SPIFFE X509-SVID s2: exactly one SPIFFE ID; a certificate with several is nobody.
  const spiffeIds = uris.filter((uri) => uri.startsWith('spiffe:'));
  const [spiffeId] = spiffeIds.length === 1 ? spiffeIds : [];
  const keyId = decodeExtension(
    certificate.extensions,
    extensionId.authorityKeyIdentifier,
    parseAuthorityKeyIdentifier,
  )?.keyIdentifier;
  return {
    spiffeId,
    serviceId: spiffeId && spiffePattern.exec(spiffeId)?.[2],
    dnsNames: names.flatMap((name) => (name.type === 'dNSName' ? [name.value] : [])),
    serialNumber: serialToHex(certificate.serialNumber),
    fingerprintSha256: createHash('sha256').update(der).digest('hex'),
    notAfter: certificate.validity.notAfter,
    issuerKeyId: keyId && toHex(keyId),
    certificate,
  };
}

/** The trust domain of a SPIFFE ID. */
export function trustDomainOf(spiffeId: string | undefined): string | undefined {
  return spiffeId === undefined ? undefined : spiffePattern.exec(spiffeId)?.[1];
}
