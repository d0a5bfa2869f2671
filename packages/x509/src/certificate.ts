import {
  contextConstructed,
  contextPrimitive,
  type Der,
  DerReader,
  encodeBitString,
  encodeSequence,
  readSingleSequence,
} from '@vcc-pki/asn1';
import { type AlgorithmIdentifier, readAlgorithmIdentifier } from './algorithm-identifier.ts';
import { type Extension, readExplicitExtensions } from './extension.ts';
import { type Name, readName } from './name.ts';
import { readSerialNumber, type SerialNumber } from './serial-number.ts';
import { checkSameAlgorithm, readSigned } from './signed.ts';
import { readSubjectPublicKeyInfo, type SubjectPublicKeyInfo } from './subject-public-key-info.ts';
import { X509Error } from './x509-error.ts';

/** From when to when, the last second included (RFC 5280 s4.1.2.5); milliseconds since the epoch. */
export interface Validity {
  readonly notBefore: number;
  readonly notAfter: number;
}

/** A certificate (RFC 5280 s4.1). All octets share the memory of what was parsed; nothing is re-encoded. */
export interface Certificate {
  readonly der: Uint8Array;
  /** DER of the tbsCertificate: what is signed. */
  readonly tbsDer: Uint8Array;
  readonly version: 1 | 2 | 3;
  readonly serialNumber: SerialNumber;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly issuer: Name;
  readonly validity: Validity;
  readonly subject: Name;
  readonly subjectPublicKeyInfo: SubjectPublicKeyInfo;
  readonly issuerUniqueId?: Uint8Array;
  readonly subjectUniqueId?: Uint8Array;
  /** Values are taken apart only on demand, see `decodeExtension`. */
  readonly extensions: readonly Extension[];
  readonly signature: Uint8Array;
}

/**
 * Parses a DER certificate. The values of its extensions are not looked at, and no signature is verified.
 * @throws {@link DerError}; {@link X509Error} `invalidStructure`, `duplicateExtension`
 */
export function parseCertificate(der: Uint8Array): Certificate {
  const { tbsDer, tbs, signatureAlgorithm, signature } = readSigned(der);
  const version = readVersion(tbs);
  const serialNumber = readSerialNumber(tbs);
  checkSameAlgorithm(readAlgorithmIdentifier(tbs), signatureAlgorithm);
  const issuer = readName(tbs);
  const validity = readValidity(tbs.readSequence());
  const subject = readName(tbs);
  const subjectPublicKeyInfo = readSubjectPublicKeyInfo(tbs);
  const issuerUniqueId = tbs.readOptional(contextPrimitive(1))?.content;
  const subjectUniqueId = tbs.readOptional(contextPrimitive(2))?.content;
  const extensions = readExplicitExtensions(tbs, 3);
  tbs.end();
  checkVersion(version, issuerUniqueId !== undefined || subjectUniqueId !== undefined, extensions.length > 0);
  return {
    der,
    tbsDer,
    version,
    serialNumber,
    signatureAlgorithm,
    issuer,
    validity,
    subject,
    subjectPublicKeyInfo,
    ...(issuerUniqueId && { issuerUniqueId }),
    ...(subjectUniqueId && { subjectUniqueId }),
    extensions,
    signature,
  };
}

/**
 * Puts a certificate together from its tbsCertificate in DER and the signature over it. The algorithm is the one that
 * stands in what is signed (RFC 5280 s4.1.1.2: both are the same).
 * @throws {@link DerError} for what does not begin like a tbsCertificate.
 */
export function assembleCertificate(tbsDer: Uint8Array, signature: Uint8Array): Der {
  const tbs = readSingleSequence(tbsDer);
  tbs.readOptional(contextConstructed(0));
  tbs.readIntegerBytes();
  return encodeSequence(tbsDer, readAlgorithmIdentifier(tbs).der, encodeBitString(signature));
}

function readVersion(tbs: DerReader): 1 | 2 | 3 {
  const explicit = tbs.readOptional(contextConstructed(0));
  if (explicit === undefined) return 1;
  const reader = new DerReader(explicit.content, explicit.offset);
  // v1 is the default, which DER leaves out.
  const version = reader.readSmallInteger(1, 2);
  reader.end();
  return version === 1 ? 2 : 3;
}

function readValidity(reader: DerReader): Validity {
  const notBefore = reader.readTime();
  const notAfter = reader.readTime();
  reader.end();
  return { notBefore, notAfter };
}

function checkVersion(version: 1 | 2 | 3, hasUniqueIds: boolean, hasExtensions: boolean): void {
  if ((hasUniqueIds && version === 1) || (hasExtensions && version !== 3)) {
    throw new X509Error('invalidStructure', 'fields that the version does not have (RFC 5280 s4.1.2.1)');
  }
}
