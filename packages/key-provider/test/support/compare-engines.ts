import assert from 'node:assert/strict';
import { randomBytes, randomInt } from 'node:crypto';
import { type Engine, numbersPerRecord, type RecordBatch, verdicts } from '../../src/ciphertext/engine.ts';
import { FieldKey } from '../../src/keys/field-key.ts';
import { SecretMemory } from '../../src/keys/secret-memory.ts';

const memory = new SecretMemory({ secure: false });

/** Random batches through two engines: the same records, the same verdicts over damaged ones, the same plaintext. */
export function compareEngines(one: Engine, other: Engine, rounds: number): void {
  for (let round = 0; round < rounds; round++) {
    const slot = memory.take(32);
    slot.set(randomBytes(32));
    const key = new FieldKey(slot, memory);
    const batch = randomBatch();
    const copy = { ...batch, arena: Buffer.from(batch.arena) };
    const plaintext = Buffer.from(batch.arena);
    one.seal(key, batch);
    other.seal(key, copy);
    assert.ok(batch.arena.equals(copy.arena), 'sealed');
    damage(batch, copy);
    const found = one.open(key, batch);
    assert.deepEqual(found, other.open(key, copy));
    assert.ok(batch.arena.equals(copy.arena), 'opened');
    for (const [index, verdict] of found.entries()) checkBody(batch, plaintext, index, verdict);
    key.close();
  }
}

function randomBatch(): RecordBatch {
  const commitmentBytes = ([0, 16, 32] as const)[randomInt(3)] ?? 0;
  const nonceOffset = 12 + randomInt(3) * 4;
  const lengths = Array.from({ length: 1 + randomInt(150) }, () => randomInt(4) && randomInt(randomInt(2) ? 40 : 3000));
  const aad = randomBytes(randomInt(300));
  const numbers: number[] = [];
  let start = 0;
  for (const length of lengths) {
    const aadStart = randomInt(aad.length + 1);
    numbers.push(start, length, aadStart, randomInt(aad.length - aadStart + 1));
    start += nonceOffset + 24 + commitmentBytes + length + 16;
  }
  return { arena: randomBytes(start), records: Uint32Array.from(numbers), aad, nonceOffset, commitmentBytes };
}

/** One bit in about every third record, at the same place of both. */
function damage(batch: RecordBatch, copy: RecordBatch): void {
  for (let first = 0; first < batch.records.length; first += numbersPerRecord) {
    if (randomInt(3) > 0) continue;
    const size = 24 + batch.commitmentBytes + (batch.records[first + 1] ?? 0) + 16;
    const place = (batch.records[first] ?? 0) + batch.nonceOffset + randomInt(size);
    const bit = 1 << randomInt(8);
    for (const { arena } of [batch, copy]) arena[place] = (arena[place] ?? 0) ^ bit;
  }
}

function checkBody(batch: RecordBatch, plaintext: Buffer, index: number, verdict: number): void {
  const [start = 0, length = 0] = batch.records.subarray(index * numbersPerRecord);
  const from = start + batch.nonceOffset + 24 + batch.commitmentBytes;
  const body = batch.arena.subarray(from, from + length);
  if (verdict === verdicts.good) assert.ok(body.equals(plaintext.subarray(from, from + length)));
  else assert.ok(body.every((octet) => octet === 0));
}
