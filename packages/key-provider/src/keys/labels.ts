import { pae } from '@vcc-pki/kek';

/**
 * What a key is for: the first piece of every derivation (docs/ciphertext-format.md, "Keys"). None is the beginning of another.
 */
export const keyLabels = {
  field: 'vcc-pki/dek/v1',
  group: 'vcc-pki/gdek/v1',
  groupField: 'vcc-pki/gfield/v1',
  blindIndex: 'vcc-pki/bidx/v1',
  deterministic: 'vcc-pki/siv/v1',
  wrap: 'vcc-pki/wrap/v1',
  audit: 'vcc-pki/audit/v1',
  sealed: 'vcc-pki/sealed-dek/v1',
  xchacha: 'vcc-pki/xchacha/v1',
} as const;

/** A purpose of {@link keyLabels}. */
export type KeyPurpose = keyof typeof keyLabels;

/** Names are UTF-8, numbers big-endian of the width that the format states; PAE keeps them apart. */
export type LabelPiece = string | Uint8Array;

export function keyLabel(purpose: KeyPurpose, pieces: readonly LabelPiece[]): Uint8Array {
  return pae(keyLabels[purpose], ...pieces);
}

export function u8(value: number): Uint8Array {
  return Uint8Array.of(value);
}

export function u32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}
