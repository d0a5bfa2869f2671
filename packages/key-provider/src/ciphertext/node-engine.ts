import { timingSafeEqual } from 'node:crypto';
import type { FieldKey } from '../keys/field-key.ts';
import { type Engine, numbersPerRecord, type RecordBatch, verdicts } from './engine.ts';
import { gcmCipher, gcmDecipher } from './gcm.ts';
import { tagBytes } from './record-header.ts';
import { deriveMessageKeys, type MessageKeys, xaesNonceBytes } from './xaes.ts';

/** XAES-256-GCM over `node:crypto`: always there, about five microseconds a record. */
export const nodeEngine: Engine = {
  name: 'node',
  seal(key, batch) {
    withKeys(key, batch, (keys, count) => {
      for (let index = 0; index < count; index++) sealRecord(partsOf(batch, index), keys, index);
    });
  },
  open(key, batch) {
    return withKeys(key, batch, (keys, count) => {
      const found = new Uint8Array(count);
      for (let index = 0; index < count; index++) found[index] = openRecord(partsOf(batch, index), keys, index);
      return found;
    });
  },
};

interface Parts {
  /** Second half of the nonce. */
  readonly gcmNonce: Buffer;
  readonly commitment: Buffer;
  readonly body: Buffer;
  readonly tag: Buffer;
  readonly aad: Buffer;
}

function withKeys<Result>(
  key: FieldKey,
  { arena, records, nonceOffset, commitmentBytes }: RecordBatch,
  use: (keys: MessageKeys, count: number) => Result,
): Result {
  const count = records.length / numbersPerRecord;
  const at = (index: number): number => (records[index * numbersPerRecord] ?? 0) + nonceOffset;
  const keys = deriveMessageKeys(key, { octets: arena, count, at }, commitmentBytes > 0);
  try {
    return use(keys, count);
  } finally {
    keys.erase();
  }
}

function partsOf({ arena, records, aad, nonceOffset, commitmentBytes }: RecordBatch, index: number): Parts {
  const first = index * numbersPerRecord;
  const nonce = (records[first] ?? 0) + nonceOffset;
  const commitment = nonce + xaesNonceBytes;
  const body = commitment + commitmentBytes;
  const tag = body + (records[first + 1] ?? 0);
  const aadStart = records[first + 2] ?? 0;
  return {
    gcmNonce: arena.subarray(nonce + xaesNonceBytes / 2, commitment),
    commitment: arena.subarray(commitment, body),
    body: arena.subarray(body, tag),
    tag: arena.subarray(tag, tag + tagBytes),
    aad: aad.subarray(aadStart, aadStart + (records[first + 3] ?? 0)),
  };
}

function sealRecord({ gcmNonce, commitment, body, tag, aad }: Parts, keys: MessageKeys, index: number): void {
  const cipher = gcmCipher(keys.key(index), gcmNonce).setAAD(aad);
  body.set(cipher.update(body));
  // Frees and cleanses the key schedule.
  cipher.final();
  tag.set(cipher.getAuthTag());
  keys.commitment(index)?.copy(commitment, 0, 0, commitment.length);
}

function openRecord({ gcmNonce, commitment, body, tag, aad }: Parts, keys: MessageKeys, index: number): number {
  const expected = keys.commitment(index);
  if (expected && !timingSafeEqual(expected.subarray(0, commitment.length), commitment)) {
    body.fill(0);
    return verdicts.wrongKey;
  }
  const decipher = gcmDecipher(keys.key(index), gcmNonce).setAAD(aad).setAuthTag(tag);
  const plaintext = decipher.update(body);
  try {
    decipher.final();
    body.set(plaintext);
    return verdicts.good;
  } catch {
    // OpenSSL's one way to say that the tag is wrong; nothing of the plaintext is released.
    body.fill(0);
    return verdicts.wrongTag;
  } finally {
    plaintext.fill(0);
  }
}
