import type { KeyPurpose, LabelPiece } from '@vcc-pki/key-provider';

const u8 = (value: number): Uint8Array => Uint8Array.of(value);
const u32 = (value: number): Uint8Array => Uint8Array.of(0, 0, 0, value);
const line = [u32(3), u32(123)];
const scope = ['acme', 'patients', 'ssn'];

/** An example of what follows each label, in the order of docs/ciphertext-format.md. */
export const labelPieces: Readonly<Record<KeyPurpose, readonly LabelPiece[]>> = {
  field: [u8(1), ...line, ...scope],
  group: [...line, 'acme', 'g:doctors', u32(7)],
  groupField: [u8(1), ...line, ...scope, 'g:doctors', u32(7)],
  blindIndex: [...line, ...scope, u8(1)],
  deterministic: [...line, ...scope],
  wrap: [...line, 'acme'],
  audit: [...line, 'acme'],
  sealed: [u8(1), ...scope],
  xchacha: [Uint8Array.from({ length: 24 }, (_, i) => i)],
};
