/** The fixed part of a record's header that names its key (docs/ciphertext-format.md): 12 octets. */
export const headerLookBytes = 12;

/** Magic and format version of a record. */
export const recordMagic: Uint8Array = Uint8Array.of(0xfa, 0x01);

/** A version of a line, by the numbers that headers hold. */
export interface KekNumbers {
  readonly lineId: number;
  readonly version: number;
}

/** Which key a record was made with, from its first octets; undefined for what is no record of this format. */
export function lookAtHeader(octets: Uint8Array): KekNumbers | undefined {
  if (octets.length < headerLookBytes || octets[0] !== recordMagic[0] || octets[1] !== recordMagic[1]) return undefined;
  const view = new DataView(octets.buffer, octets.byteOffset, headerLookBytes);
  return { lineId: view.getUint32(4), version: view.getUint32(8) };
}

/** Whether a record of the target's line was made with another version. The test is "other", never "older". */
export function isOld(header: KekNumbers | undefined, target: KekNumbers): boolean {
  return header !== undefined && header.lineId === target.lineId && header.version !== target.version;
}

/** A number as it stands in a header, for stores that compare octets. */
export function headerNumber(value: number): Uint8Array {
  const octets = new Uint8Array(4);
  new DataView(octets.buffer).setUint32(0, value);
  return octets;
}
