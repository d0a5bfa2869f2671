import { aessiv } from '@noble/ciphers/aes.js';
import { KeyError } from '../key-error.ts';
import { type RecordItem, type RecordRun, refusal } from './record-cipher.ts';

/**
 * AES-256-SIV (RFC 5297) with the context as its one associated string: equal values of a field give equal records under one
 * version of a KEK, so that they can be joined and kept unique. It leaks which are equal: opt-in.
 */
export function sealDeterministic(
  { key, headerOctets, encoder }: RecordRun,
  items: readonly RecordItem[],
): Uint8Array[] {
  key.countEncryptions(items.length);
  const aad = encoder.encode({});
  return items.map(({ octets }) => Buffer.concat([headerOctets, aessiv(key.secret, aad).encrypt(octets)]));
}

export function openDeterministic(
  { key, header, headerOctets, encoder }: RecordRun,
  items: readonly RecordItem[],
): (Uint8Array | KeyError)[] {
  const aad = encoder.encode({});
  return items.map(({ octets }) => {
    try {
      return aessiv(key.secret, aad).decrypt(octets.subarray(headerOctets.length));
    } catch (error) {
      // A closed key is no damaged record.
      if (error instanceof KeyError) throw error;
      return refusal(false, header);
    }
  });
}
