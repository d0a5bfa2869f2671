import type { Der } from '@vcc-pki/asn1';
import { readWhole } from '../extension.ts';
import { encodeBitsNamed, readNamedBits } from '../named-bits.ts';

/** The bits of keyUsage in order (RFC 5280 s4.2.1.3). */
const keyUsageBits = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;

/** One thing that a key may be used for. */
export type KeyUsage = (typeof keyUsageBits)[number];

/** @throws {@link DerError} also when no bit is set. */
export function parseKeyUsage(value: Uint8Array): KeyUsage[] {
  return readWhole(value, (reader) => readNamedBits(reader, keyUsageBits));
}

export function encodeKeyUsage(usages: readonly KeyUsage[]): Der {
  return encodeBitsNamed(usages, keyUsageBits);
}
