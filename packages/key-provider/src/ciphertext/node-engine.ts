import { timingSafeEqual } from 'node:crypto';
import type { FieldKey } from '../keys/field-key.ts';
import { type Engine, numbersPerRecord, type RecordBatch, verdicts } from './engine.ts';
import { gcmCipher, gcmDecipher } from './gcm.ts';
import { tagBytes } from './record-header.ts';
import {
  commitmentBytes as derivedCommitmentBytes,
  deriveMessageKeys,
  type MessageKeys,
  xaesNonceBytes,
} from './xaes.ts';

/** XAES-256-GCM over `node:crypto`: always there, about five microseconds a record. */
export const nodeEngine: Engine = {
  name: 'node',
  inPlace: false,
  seal(key, batch) {
    withKeys(key, batch, (keys, count) => {
      for (let index = 0; index < count; index++) sealRecord(batch, keys, index);
    });
  },
  open(key, batch) {
    return withKeys(key, batch, (keys, count) => {
      const found = new Uint8Array(count);
      for (let index = 0; index < count; index++) found[index] = openRecord(batch, keys, index);
      return found;
    });
  },
};

function withKeys<Result>(
  key: FieldKey,
  { arena, records, nonceOffset, commitmentBytes }: RecordBatch,
  use: (keys: MessageKeys, count: number) => Result,
): Result {
  const count = records.length / numbersPerRecord;
  const at = (index: number): number => (records[index * numbersPerRecord] as number) + nonceOffset;
  const keys = deriveMessageKeys(key, { octets: arena, count, at }, commitmentBytes > 0);
  try {
    return use(keys, count);
  } finally {
    keys.erase();
  }
}

/** Places of the parts of a record in the arena. */
function placesOf({ records, nonceOffset, commitmentBytes }: RecordBatch, index: number) {
  const first = index * numbersPerRecord;
  const nonce = (records[first] as number) + nonceOffset;
  const commitment = nonce + xaesNonceBytes;
  const body = commitment + commitmentBytes;
  const aad = records[first + 2] as number;
  return {
    gcmNonce: nonce + xaesNonceBytes / 2,
    commitment,
    body,
    tag: body + (records[first + 1] as number),
    aad,
    aadEnd: aad + (records[first + 3] as number),
  };
}

/** One buffer for all, since OpenSSL copies it at once: a view of each nonce would cost more than its octets. */
const nonceOctets = new Uint8Array(xaesNonceBytes / 2);

function gcmNonce(arena: Buffer, start: number): Uint8Array {
  for (let i = 0; i < nonceOctets.length; i++) nonceOctets[i] = arena[start + i] as number;
  return nonceOctets;
}

function sealRecord(batch: RecordBatch, keys: MessageKeys, index: number): void {
  const { arena, aad, commitmentBytes } = batch;
  const at = placesOf(batch, index);
  const cipher = gcmCipher(keys.key(index), gcmNonce(arena, at.gcmNonce));
  cipher.setAAD(aad.length === at.aadEnd - at.aad ? aad : aad.subarray(at.aad, at.aadEnd));
  arena.set(cipher.update(batch.values?.[index]?.octets ?? arena.subarray(at.body, at.tag)), at.body);
  // Frees and cleanses the key schedule.
  cipher.final();
  const tag = cipher.getAuthTag();
  for (let i = 0; i < tagBytes; i++) arena[at.tag + i] = tag[i] as number;
  const from = index * derivedCommitmentBytes;
  for (let i = 0; i < commitmentBytes; i++) arena[at.commitment + i] = keys.commitments?.[from + i] as number;
}

function openRecord(batch: RecordBatch, keys: MessageKeys, index: number): number {
  const { arena, aad, commitmentBytes } = batch;
  const at = placesOf(batch, index);
  const from = index * derivedCommitmentBytes;
  const expected = keys.commitments?.subarray(from, from + commitmentBytes);
  if (expected && !timingSafeEqual(expected, arena.subarray(at.commitment, at.body))) {
    arena.fill(0, at.body, at.tag);
    return verdicts.wrongKey;
  }
  const decipher = gcmDecipher(keys.key(index), gcmNonce(arena, at.gcmNonce));
  decipher.setAAD(aad.subarray(at.aad, at.aadEnd)).setAuthTag(arena.subarray(at.tag, at.tag + tagBytes));
  const plaintext = decipher.update(arena.subarray(at.body, at.tag));
  try {
    decipher.final();
    plaintext.copy(arena, at.body);
    return verdicts.good;
  } catch {
    // OpenSSL's one way to say that the tag is wrong; nothing of the plaintext is released.
    arena.fill(0, at.body, at.tag);
    return verdicts.wrongTag;
  } finally {
    plaintext.fill(0);
  }
}
