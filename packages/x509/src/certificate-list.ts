import { type DerElement, DerError, DerReader, Tag } from '@vcc-pki/asn1';
import { type AlgorithmIdentifier, readAlgorithmIdentifier } from './algorithm-identifier.ts';
import { type Extension, readExplicitExtensions, readExtensions } from './extension.ts';
import { type Name, readName } from './name.ts';
import { maxSerialOctets, readSerialNumber, type SerialNumber } from './serial-number.ts';
import { checkSameAlgorithm, readSigned } from './signed.ts';
import { X509Error } from './x509-error.ts';

/** One revoked certificate of a CRL (RFC 5280 s5.1.2.6). */
export interface RevokedEntry {
  readonly serialNumber: SerialNumber;
  /** Milliseconds since the epoch. */
  readonly revocationDate: number;
  readonly extensions: readonly Extension[];
}

/** A CRL (RFC 5280 s5.1). Its entries are read when they are asked for: there may be a million of them. */
export interface CertificateRevocationList {
  readonly der: Uint8Array;
  /** DER of the tbsCertList: what is signed. */
  readonly tbsDer: Uint8Array;
  readonly version: 1 | 2;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly issuer: Name;
  /** Milliseconds since the epoch. */
  readonly thisUpdate: number;
  /** Milliseconds since the epoch; RFC 5280 s5.1.2.5 demands it, its grammar does not. */
  readonly nextUpdate?: number;
  readonly extensions: readonly Extension[];
  readonly signature: Uint8Array;
  /** DER of all entries one after another, for those who look through them; see {@link readRevokedEntry}. */
  readonly entriesDer: Uint8Array;
  /** All entries in order. @throws {@link DerError}, {@link X509Error} when it comes to a malformed one. */
  entries(): Iterable<RevokedEntry>;
  /**
   * The entry of that serial number, found without taking the others apart. Not for indirect CRLs, where the same
   * number may stand for several issuers. @throws as `entries`
   */
  findEntry(serialNumber: SerialNumber): RevokedEntry | undefined;
}

/**
 * Parses a DER CRL but for its entries, whose faults show when they are read.
 * @throws {@link DerError}; {@link X509Error} `invalidStructure`, `duplicateExtension`
 */
export function parseCertificateList(der: Uint8Array): CertificateRevocationList {
  const { tbsDer, tbs, signatureAlgorithm, signature } = readSigned(der);
  const version = readVersion(tbs);
  checkSameAlgorithm(readAlgorithmIdentifier(tbs), signatureAlgorithm);
  const issuer = readName(tbs);
  const thisUpdate = tbs.readTime();
  const nextUpdate = isTime(tbs.peekTag()) ? tbs.readTime() : undefined;
  const revoked = tbs.readOptional(Tag.sequence);
  const extensions = readExplicitExtensions(tbs, 0);
  tbs.end();
  if (version === 1 && extensions.length > 0) {
    throw new X509Error('invalidStructure', 'a CRL of version 1 has no extensions (RFC 5280 s5.1.2.1)');
  }
  const entriesDer = revoked?.content ?? new Uint8Array(0);
  const entryReader = (): DerReader => new DerReader(entriesDer, revoked?.offset);
  return {
    der,
    tbsDer,
    version,
    signatureAlgorithm,
    issuer,
    thisUpdate,
    ...(nextUpdate !== undefined && { nextUpdate }),
    extensions,
    signature,
    entriesDer,
    entries: () => readEntries(entryReader(), version),
    findEntry: (serialNumber) => findEntry(entryReader(), version, serialNumber),
  };
}

function readVersion(tbs: DerReader): 1 | 2 {
  if (tbs.peekTag() !== Tag.integer) return 1;
  tbs.readSmallInteger(1, 1);
  return 2;
}

function isTime(tag: number): boolean {
  return tag === Tag.utcTime || tag === Tag.generalizedTime;
}

function* readEntries(reader: DerReader, version: 1 | 2): Generator<RevokedEntry> {
  while (!reader.atEnd) yield readRevokedEntry(reader, version);
}

/** Reads the next value as an entry of a CRL of that version. @throws {@link DerError}, {@link X509Error} */
export function readRevokedEntry(outer: DerReader, version: 1 | 2): RevokedEntry {
  const reader = outer.readSequence();
  const serialNumber = readSerialNumber(reader);
  const revocationDate = reader.readTime();
  const extensions = reader.atEnd ? [] : readExtensions(reader);
  reader.end();
  if (version === 1 && extensions.length > 0) {
    throw new X509Error('invalidStructure', 'an entry of a CRL of version 1 has no extensions (RFC 5280 s5.3)');
  }
  return { serialNumber, revocationDate, extensions };
}

function findEntry(reader: DerReader, version: 1 | 2, serialNumber: SerialNumber): RevokedEntry | undefined {
  while (!reader.atEnd) {
    const at = reader.offset;
    const entry = reader.readElement(Tag.sequence);
    if (hasSerialNumber(entry, serialNumber)) return readRevokedEntry(new DerReader(entry.der, at), version);
  }
  return undefined;
}

/** Compares in place. A serial number in a form that is not DER is refused, so that none can hide from the search. */
function hasSerialNumber({ content, offset }: DerElement, serialNumber: SerialNumber): boolean {
  const length = content[1] ?? 0;
  const first = content[2] ?? 0;
  const padding = length > 1 && (first === 0x00 || first === 0xff) && ((content[3] ?? 0) ^ first) < 0x80;
  if (
    content[0] !== Tag.integer ||
    length === 0 ||
    length > maxSerialOctets ||
    content.length < 2 + length ||
    padding
  ) {
    throw new DerError('invalidValue', 'an entry of a CRL begins with a serial number', offset);
  }
  if (length !== serialNumber.length) return false;
  for (let i = 0; i < length; i++) if (content[2 + i] !== serialNumber[i]) return false;
  return true;
}
