import { groupFlag } from '../ciphertext/record-header.ts';

/** The fixed part of a record's header that names its key (docs/ciphertext-format.md): 12 octets. */
export const headerLookBytes = 12;

/** Magic and format version of a record. */
export const recordMagic: Uint8Array = Uint8Array.of(0xfa, 0x01);

/** A version of a line, by the numbers that headers hold. */
export interface KekNumbers {
  readonly lineId: number;
  readonly version: number;
}

/** Which key records are made with, or are to be: of a version, and of an epoch where they belong to a group. */
export interface KeyNumbers extends KekNumbers {
  readonly groupEpoch?: number | undefined;
}

/** Which key a record was made with, from its first octets; undefined for what is no record of this format. */
export function lookAtHeader(octets: Uint8Array): KeyNumbers | undefined {
  if (octets.length < headerLookBytes || octets[0] !== recordMagic[0] || octets[1] !== recordMagic[1]) return undefined;
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
  const numbers = { lineId: view.getUint32(4), version: view.getUint32(8) };
  const hasGroup = (view.getUint8(3) & groupFlag) !== 0 && octets.length >= headerLookBytes + 4;
  return hasGroup ? { ...numbers, groupEpoch: view.getUint32(headerLookBytes) } : numbers;
}

/**
 * Whether a record of the target's line was made with another version, where the test is "other", never "older"; or with the
 * key of an older epoch of its group: epochs are never taken back, so a newer one is what somebody wrote who knows more.
 */
export function isOld(header: KeyNumbers | undefined, target: KeyNumbers): boolean {
  if (header === undefined || header.lineId !== target.lineId) return false;
  if (header.version !== target.version) return true;
  return header.groupEpoch !== undefined && header.groupEpoch < (target.groupEpoch ?? 0);
}

/** A number as it stands in a header, for stores that compare octets. */
export function headerNumber(value: number): Uint8Array {
  const octets = new Uint8Array(4);
  new DataView(octets.buffer).setUint32(0, value);
  return octets;
}
