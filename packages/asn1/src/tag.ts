/** Identifier octets of the universal types that a PKI meets (X.690 s8.1.2), constructed bit included where DER demands it. */
export const Tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  numericString: 0x12,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  visibleString: 0x1a,
  universalString: 0x1c,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** The identifier octet of a context-specific constructed type: `[n] EXPLICIT`, or `[n] IMPLICIT` over a constructed type. `n` is 0 to 30. */
export function contextConstructed(n: number): number {
  return 0xa0 | checkTagNumber(n);
}

/** The identifier octet of a context-specific primitive type: `[n] IMPLICIT` over a primitive type. `n` is 0 to 30. */
export function contextPrimitive(n: number): number {
  return 0x80 | checkTagNumber(n);
}

function checkTagNumber(n: number): number {
  // High tag numbers (31 and up) take more octets and occur in no PKIX structure.
  if (!Number.isInteger(n) || n < 0 || n > 30) throw new RangeError(`tag number ${n} is not between 0 and 30`);
  return n;
}
