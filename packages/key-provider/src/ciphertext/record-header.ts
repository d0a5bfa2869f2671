import { KeyError } from '../key-error.ts';
import { type Suite, type SuiteName, suiteName, suites } from './suites.ts';

/** What a record is bound to, beside tenant, collection, field and group: nothing, its document, that and its row version. */
export type Binding = 'field' | 'document' | 'row';

const bindings: readonly Binding[] = ['field', 'document', 'row'];

/** Never occurs in UTF-8, so that no text is taken for a record. */
const magic = 0xfa;
const formatVersion = 0x01;
/** Of records that belong to a group, whose epoch follows the fixed part. */
export const groupFlag = 0x04;
const sealedFlag = 0x08;

/** Octets that every record begins with, at fixed places: a store can count versions by them without a key. */
export const fixedHeaderBytes = 12;
const groupEpochBytes = 4;
/** Octets of a GCM tag, and of the synthetic IV of AES-SIV. */
export const tagBytes = 16;

/** What the octets before the nonce say. */
export interface RecordHeader {
  readonly suite: SuiteName;
  readonly binding: Binding;
  readonly lineId: number;
  readonly version: number;
  /** Epoch of the group key; absent where no group is involved. */
  readonly groupEpoch?: number | undefined;
  /**
   * Of a write-only service: the `enc` of its HPKE session (X25519, 32 octets), or the 16 octets that name a session whose
   * longer `enc` is stored elsewhere.
   */
  readonly sealed?: Uint8Array | undefined;
}

/** Where the parts of a record lie. */
export interface RecordLayout {
  readonly nonceOffset: number;
  readonly commitmentOffset: number;
  readonly bodyOffset: number;
}

/** The first 12 octets alone: what can be read without knowing the KEK. */
export interface FixedHeader {
  readonly suite: SuiteName;
  readonly binding: Binding;
  readonly lineId: number;
  readonly version: number;
  readonly hasGroup: boolean;
  readonly isSealed: boolean;
}

/**
 * Reads the fixed part of a record.
 *
 * @throws {@link KeyError} `MALFORMED_CIPHERTEXT` when it is no record, `UNSUPPORTED_SUITE` for a version, suite or flag
 * that is not known here.
 */
export function parseFixedHeader(record: Uint8Array): FixedHeader {
  if (record.length < fixedHeaderBytes || record[0] !== magic) {
    throw new KeyError('MALFORMED_CIPHERTEXT', 'the octets are no record');
  }
  const [, format = 0, suiteId = 0, flags = 0] = record;
  if (format !== formatVersion) throw new KeyError('UNSUPPORTED_SUITE', `format version ${format}`);
  const suite = suiteName(suiteId);
  const binding = bindings[flags & 0x03];
  if (binding === undefined || flags >> 4 !== 0) throw new KeyError('UNSUPPORTED_SUITE', `flags ${flags}`);
  return {
    suite,
    binding,
    lineId: readU32(record, 4),
    version: readU32(record, 8),
    hasGroup: (flags & groupFlag) !== 0,
    isSealed: (flags & sealedFlag) !== 0,
  };
}

/**
 * Reads all that lies before the nonce.
 *
 * @param sealedBytes octets of {@link RecordHeader.sealed}, which the key agreement of the KEK decides: 32 for X25519, else 16
 * @throws {@link KeyError} as {@link parseFixedHeader}, and `MALFORMED_CIPHERTEXT` for a record that is cut short
 */
export function parseHeader(record: Uint8Array, sealedBytes: 16 | 32 = 32): RecordHeader {
  const { suite, binding, lineId, version, hasGroup, isSealed } = parseFixedHeader(record);
  const groupOffset = fixedHeaderBytes;
  const sealedOffset = groupOffset + (hasGroup ? groupEpochBytes : 0);
  const nonceOffset = sealedOffset + (isSealed ? sealedBytes : 0);
  if (record.length < nonceOffset + overhead(suites[suite])) {
    throw new KeyError('MALFORMED_CIPHERTEXT', 'the record is cut short', { kekLine: lineId, kekVersion: version });
  }
  return {
    suite,
    binding,
    lineId,
    version,
    groupEpoch: hasGroup ? readU32(record, groupOffset) : undefined,
    sealed: isSealed ? record.subarray(sealedOffset, nonceOffset) : undefined,
  };
}

/** The octets before the nonce. */
export function encodeHeader({ suite, binding, lineId, version, groupEpoch, sealed }: RecordHeader): Uint8Array {
  const flags =
    bindings.indexOf(binding) | (groupEpoch === undefined ? 0 : groupFlag) | (sealed === undefined ? 0 : sealedFlag);
  const header = Buffer.alloc(headerBytes({ groupEpoch, sealed }));
  header.set([magic, formatVersion, suites[suite].id, flags]);
  header.writeUInt32BE(lineId, 4);
  header.writeUInt32BE(version, 8);
  if (groupEpoch !== undefined) header.writeUInt32BE(groupEpoch, fixedHeaderBytes);
  if (sealed !== undefined) header.set(sealed, header.length - sealed.length);
  return header;
}

export function layoutOf(header: Pick<RecordHeader, 'suite' | 'groupEpoch' | 'sealed'>): RecordLayout {
  const { nonceBytes, commitmentBytes } = suites[header.suite];
  const nonceOffset = headerBytes(header);
  const commitmentOffset = nonceOffset + nonceBytes;
  return { nonceOffset, commitmentOffset, bodyOffset: commitmentOffset + commitmentBytes };
}

function headerBytes({ groupEpoch, sealed }: Pick<RecordHeader, 'groupEpoch' | 'sealed'>): number {
  return fixedHeaderBytes + (groupEpoch === undefined ? 0 : groupEpochBytes) + (sealed?.length ?? 0);
}

/** Octets of a record of an empty value, without its header. */
function overhead({ nonceBytes, commitmentBytes }: Suite): number {
  return nonceBytes + commitmentBytes + tagBytes;
}

function readU32(bytes: Uint8Array, offset: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(offset, offset + 4);
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}
