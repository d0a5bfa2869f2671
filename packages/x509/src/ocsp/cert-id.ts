import { hash } from 'node:crypto';
import {
  type Der,
  DerError,
  DerReader,
  encodeNull,
  encodeOctetString,
  encodeOid,
  encodeSequence,
  equalBytes,
  type Oid,
  Tag,
} from '@vcc-pki/asn1';
import { readAlgorithmIdentifier } from '../algorithm-identifier.ts';
import type { Name } from '../name.ts';
import { encodeSerialNumber, readSerialNumber, type SerialNumber } from '../serial-number.ts';
import type { SubjectPublicKeyInfo } from '../subject-public-key-info.ts';

/** Hashes by which a CertID may name an issuer: RFC 9919 wants SHA-256, old clients send SHA-1. */
const hashOids = {
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
} as const satisfies Record<string, Oid>;

/** Hash of a CertID, as node:crypto names it. */
export type CertIdHash = keyof typeof hashOids;

const hashByOid = new Map<Oid, CertIdHash>(Object.entries(hashOids).map(([name, oid]) => [oid, name as CertIdHash]));

/** Which certificate is asked about (RFC 6960 s4.1.1). */
export interface CertId {
  /** `undefined`: a hash that is not known here. */
  readonly hash: CertIdHash | undefined;
  readonly issuerNameHash: Uint8Array;
  readonly issuerKeyHash: Uint8Array;
  readonly serialNumber: SerialNumber;
  /** To be repeated in the response octet for octet. */
  readonly der: Uint8Array;
}

/** The issuer's half of a CertID; the same for all of its certificates, so worth keeping. */
export interface IssuerHashes {
  readonly hash: CertIdHash;
  readonly issuerNameHash: Uint8Array;
  readonly issuerKeyHash: Uint8Array;
}

/** Hashes an issuer's name and the octets of its public key (RFC 6960 s4.1.1), both as its certificate holds them. */
export function hashIssuer(
  issuer: { readonly subject: Name; readonly subjectPublicKeyInfo: SubjectPublicKeyInfo },
  algorithm: CertIdHash,
): IssuerHashes {
  return {
    hash: algorithm,
    issuerNameHash: digest(algorithm, issuer.subject.der),
    issuerKeyHash: digest(algorithm, issuer.subjectPublicKeyInfo.publicKey),
  };
}

/** True when the CertID names that issuer. */
export function isIssuedBy(certId: CertId, issuer: IssuerHashes): boolean {
  return (
    certId.hash === issuer.hash &&
    equalBytes(certId.issuerNameHash, issuer.issuerNameHash) &&
    equalBytes(certId.issuerKeyHash, issuer.issuerKeyHash)
  );
}

/** Encodes a CertID. @throws RangeError when the serial number is not positive. */
export function encodeCertId(issuer: IssuerHashes, serialNumber: SerialNumber): Der {
  return encodeSequence(
    // The parameters are NULL as OpenSSL and all responders write them; readers must take both (RFC 5754 s2).
    encodeSequence(encodeOid(hashOids[issuer.hash]), encodeNull()),
    encodeOctetString(issuer.issuerNameHash),
    encodeOctetString(issuer.issuerKeyHash),
    encodeSerialNumber(serialNumber),
  );
}

/** Reads the next value as a CertID. @throws {@link DerError} */
export function readCertId(outer: DerReader): CertId {
  const { der, content, offset } = outer.readElement(Tag.sequence);
  const reader = new DerReader(content, offset);
  const hash = readHash(reader);
  const issuerNameHash = reader.readOctetString();
  const issuerKeyHash = reader.readOctetString();
  const serialNumber = readSerialNumber(reader);
  reader.end();
  return { hash, issuerNameHash, issuerKeyHash, serialNumber, der };
}

/** The parameters of a known hash are absent or NULL (RFC 5754 s2); so a certificate has few CertIDs, and not any number. */
function readHash(reader: DerReader): CertIdHash | undefined {
  const { offset } = reader;
  const { oid, parameters } = readAlgorithmIdentifier(reader);
  const name = hashByOid.get(oid);
  if (name !== undefined && parameters.length > 0 && !equalBytes(parameters, encodeNull())) {
    throw new DerError('invalidValue', 'the parameters of a hash are NULL or absent', offset);
  }
  return name;
}

function digest(algorithm: CertIdHash, data: Uint8Array): Uint8Array {
  return new Uint8Array(hash(algorithm, data, 'buffer'));
}
