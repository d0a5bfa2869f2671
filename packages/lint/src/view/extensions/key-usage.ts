import type { ExtensionType } from '../extension.ts';

/** The bits of KeyUsage (RFC 5280 s4.2.1.3), each as its place in {@link KeyUsage.bits}. */
export const KeyUsageBit = {
  digitalSignature: 1 << 0,
  nonRepudiation: 1 << 1,
  keyEncipherment: 1 << 2,
  dataEncipherment: 1 << 3,
  keyAgreement: 1 << 4,
  keyCertSign: 1 << 5,
  cRLSign: 1 << 6,
  encipherOnly: 1 << 7,
  decipherOnly: 1 << 8,
} as const;

/** What a key that can only sign is never used for (RFC 9295 s3, RFC 9881 s5). */
export const notForSigning =
  KeyUsageBit.keyEncipherment |
  KeyUsageBit.dataEncipherment |
  KeyUsageBit.keyAgreement |
  KeyUsageBit.encipherOnly |
  KeyUsageBit.decipherOnly;

export interface KeyUsage {
  /** A set of {@link KeyUsageBit}. */
  readonly bits: number;
  /** Whether trailing zero bits are left out, as DER demands of named bits (X.690 s11.2.2). */
  readonly isMinimal: boolean;
}

export const keyUsage: ExtensionType<KeyUsage> = {
  oid: '2.5.29.15',
  decode(value) {
    const { bytes, unusedBits } = value.readBitString();
    const last = bytes[bytes.length - 1];
    let bits = 0;
    // Bits beyond decipherOnly are unknown to RFC 5280; they count for `isMinimal` only.
    for (let bit = 0; bit < Math.min(9, bytes.length * 8); bit++) {
      if (((bytes[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0) bits |= 1 << bit;
    }
    return { bits, isMinimal: last === undefined || ((last >> unusedBits) & 1) === 1 };
  },
};

/** The names of the bits, for messages. */
export function keyUsageText(bits: number): string {
  return Object.entries(KeyUsageBit)
    .filter(([, bit]) => (bits & bit) !== 0)
    .map(([name]) => name)
    .join(', ');
}
