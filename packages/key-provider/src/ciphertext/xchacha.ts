import { timingSafeEqual } from 'node:crypto';
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import type { KeyError } from '../key-error.ts';
import type { FieldKey } from '../keys/field-key.ts';
import { hkdfExpandInto } from '../keys/hkdf.ts';
import { keyLabel } from '../keys/labels.ts';
import type { NonceSource } from './nonce-source.ts';
import { type RecordItem, type RecordRun, refusal } from './record-cipher.ts';
import { layoutOf, tagBytes } from './record-header.ts';

const messageKeyBytes = 32;
const commitmentBytes = 32;

/**
 * XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha) with a key commitment, for machines without AES instructions and for policies that
 * want a second family of ciphers. Neither BSI TR-02102 nor FIPS knows it: fields have to allow it.
 *
 * Message key and commitment come of one HKDF-Expand over the whole nonce, so that the commitment binds key and nonce by
 * SHA-256 (docs/ciphertext-format.md, "XChaCha20-Poly1305").
 */
export function sealXChaCha(run: RecordRun, items: readonly RecordItem[], nonces: NonceSource): Uint8Array[] {
  const { key, header, headerOctets, encoder } = run;
  const { nonceOffset, commitmentOffset, bodyOffset } = layoutOf(header);
  nonces.readClock();
  const records = items.map((item) => {
    const record = Buffer.allocUnsafe(bodyOffset + item.octets.length + tagBytes);
    record.set(headerOctets);
    nonces.writeInto(record, nonceOffset);
    const nonce = record.subarray(nonceOffset, commitmentOffset);
    return withMessageKey(key, nonce, (messageKey, commitment) => {
      record.set(commitment, commitmentOffset);
      record.set(xchacha20poly1305(messageKey, nonce, encoder.encode(item)).encrypt(item.octets), bodyOffset);
      return record;
    });
  });
  key.countEncryptions(items.length);
  return records;
}

/** A record that does not open gives the error instead of its value. */
export function openXChaCha(run: RecordRun, items: readonly RecordItem[]): (Uint8Array | KeyError)[] {
  const { key, header, encoder } = run;
  const { nonceOffset, commitmentOffset, bodyOffset } = layoutOf(header);
  return items.map((item) => {
    const nonce = item.octets.subarray(nonceOffset, commitmentOffset);
    return withMessageKey(key, nonce, (messageKey, commitment) => {
      if (!timingSafeEqual(commitment, item.octets.subarray(commitmentOffset, bodyOffset)))
        return refusal(true, header);
      const cipher = xchacha20poly1305(messageKey, nonce, encoder.encode(item));
      try {
        return cipher.decrypt(item.octets.subarray(bodyOffset));
      } catch {
        // The library's one way to say that the tag is wrong; nothing of the plaintext is released.
        return refusal(false, header);
      }
    });
  });
}

function withMessageKey<Result>(
  key: FieldKey,
  nonce: Uint8Array,
  use: (messageKey: Uint8Array, commitment: Uint8Array) => Result,
): Result {
  const derived = new Uint8Array(messageKeyBytes + commitmentBytes);
  hkdfExpandInto(derived, key.secret, keyLabel('xchacha', [nonce]));
  try {
    return use(derived.subarray(0, messageKeyBytes), derived.subarray(messageKeyBytes));
  } finally {
    derived.fill(0);
  }
}
