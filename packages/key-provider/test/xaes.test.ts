// C2SP XAES-256-GCM and KC-XAES-256-GCM through the engine that records go through.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { numbersPerRecord, type RecordBatch } from '../src/ciphertext/engine.ts';
import { nodeEngine } from '../src/ciphertext/node-engine.ts';
import { FieldKey } from '../src/keys/field-key.ts';
import { SecretMemory } from '../src/keys/secret-memory.ts';
import { readJsonVectors, skipWithoutVectors } from './support/vectors.ts';

interface Vector {
  readonly key: string;
  readonly nonce: string;
  readonly plaintext: string;
  readonly aad: string;
  readonly ciphertext: string;
  readonly tag_and_commitment?: string;
}

const memory = new SecretMemory({ secure: false });

function fieldKey(octets: Uint8Array): FieldKey {
  const slot = memory.take(32);
  slot.set(octets);
  return new FieldKey(slot, memory);
}

/** A batch of one: nonce, commitment, body, tag. */
function batchOf(nonce: Uint8Array, body: Uint8Array, aad: Uint8Array, commitmentBytes: 0 | 16 | 32): RecordBatch {
  const arena = Buffer.concat([nonce, Buffer.alloc(commitmentBytes), body, Buffer.alloc(16)]);
  const records = Uint32Array.of(0, body.length, 0, aad.length);
  assert.equal(records.length, numbersPerRecord);
  return { arena, records, aad: Buffer.from(aad), nonceOffset: 0, commitmentBytes };
}

const hex = (text: string): Buffer => Buffer.from(text, 'hex');

test('XAES-256-GCM as C2SP states it', { skip: skipWithoutVectors }, () => {
  const { vectors } = readJsonVectors('xaes/xaes-256-gcm.json') as { vectors: Vector[] };
  assert.equal(vectors.length, 2);
  for (const { key, nonce, plaintext, aad, ciphertext } of vectors) {
    const batch = batchOf(hex(nonce), hex(plaintext), hex(aad), 0);
    nodeEngine.seal(fieldKey(hex(key)), batch);
    assert.equal(batch.arena.subarray(24).toString('hex'), ciphertext);
  }
});

test('the key commitment of KC-XAES-256-GCM as AWS-LC computes it', { skip: skipWithoutVectors }, () => {
  const { vectors } = readJsonVectors('xaes/xaes-256-gcm-kc.json') as { vectors: Vector[] };
  assert.equal(vectors.length, 3);
  for (const { key, nonce, plaintext, aad, ciphertext, tag_and_commitment = '' } of vectors) {
    const batch = batchOf(hex(nonce), hex(plaintext), hex(aad), 32);
    nodeEngine.seal(fieldKey(hex(key)), batch);
    const commitment = batch.arena.subarray(24, 56).toString('hex');
    const bodyAndTag = batch.arena.subarray(56).toString('hex');
    assert.equal(bodyAndTag + commitment, ciphertext + tag_and_commitment);
  }
});

test('10,000 records of the accumulated test of C2SP', () => {
  // Key, nonce, plaintext and AAD are drawn from SHAKE128 of nothing; what is sealed goes into another SHAKE128.
  const lengthOf = (): number => (draw(1)[0] ?? 0) as number;
  const source = createHash('shake128', { outputLength: 10_000 * (32 + 24 + 2 + 510) }).digest();
  let used = 0;
  const draw = (length: number): Buffer => {
    used += length;
    return source.subarray(used - length, used);
  };
  const sink = createHash('shake128', { outputLength: 32 });
  for (let i = 0; i < 10_000; i++) {
    const key = fieldKey(draw(32));
    const nonce = draw(24);
    const plaintext = draw(lengthOf());
    const aad = draw(lengthOf());
    const batch = batchOf(nonce, plaintext, aad, 0);
    nodeEngine.seal(key, batch);
    sink.update(batch.arena.subarray(24));
    key.close();
  }
  assert.equal(sink.digest('hex'), 'e6b9edf2df6cec60c8cbd864e2211b597fb69a529160cd040d56c0c210081939');
});
