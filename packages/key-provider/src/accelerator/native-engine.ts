import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { type Engine, numbersPerRecord, type RecordBatch } from '../ciphertext/engine.ts';
import { nodeEngine } from '../ciphertext/node-engine.ts';
import { FieldKey } from '../keys/field-key.ts';
import { SecretMemory } from '../keys/secret-memory.ts';
import { opensslMajor } from './accelerator-file.ts';

/** What `native/accelerator.c` exports. */
interface Accelerator {
  readonly opensslMajor: number;
  seal(
    ...batch: [dek: Uint8Array, arena: Uint8Array, records: Uint32Array, aad: Uint8Array, nonce: number, kc: number]
  ): void;
  open(...batch: [...Parameters<Accelerator['seal']>, verdicts: Uint8Array]): void;
}

/**
 * Loads an accelerator and lets it prove itself.
 *
 * @throws Error when it cannot be loaded here, or does not do octet for octet what `node:crypto` does
 */
export function loadAccelerator(file: string): Engine {
  const accelerator = createRequire(import.meta.url)(file) as Accelerator;
  if (accelerator.opensslMajor !== opensslMajor) throw new Error(`${file} is built for another OpenSSL`);
  const engine: Engine = {
    name: 'native',
    inPlace: true,
    seal(key, { arena, records, aad, nonceOffset, commitmentBytes }) {
      accelerator.seal(key.secret, arena, records, aad, nonceOffset, commitmentBytes);
    },
    open(key, { arena, records, aad, nonceOffset, commitmentBytes }) {
      const found = new Uint8Array(records.length / numbersPerRecord);
      accelerator.open(key.secret, arena, records, aad, nonceOffset, commitmentBytes, found);
      return found;
    },
  };
  prove(engine, file);
  return engine;
}

/** Records with and without commitment, empty and long, one of them damaged: sealed and opened by both. */
function prove(engine: Engine, file: string): void {
  const memory = new SecretMemory({ secure: false });
  for (const commitmentBytes of [0, 16, 32] as const) {
    const slot = memory.take(32);
    slot.set(randomBytes(32));
    const key = new FieldKey(slot, memory);
    const ours = trialBatch(commitmentBytes);
    const theirs = { ...ours, arena: Buffer.from(ours.arena) };
    nodeEngine.seal(key, ours);
    engine.seal(key, theirs);
    const sealed = ours.arena.equals(theirs.arena);
    for (const { arena } of [ours, theirs]) arena[arena.length - 1] = (arena.at(-1) ?? 0) ^ 1;
    const found = Buffer.compare(nodeEngine.open(key, ours), engine.open(key, theirs)) === 0;
    const opened = ours.arena.equals(theirs.arena);
    key.close();
    if (!sealed || !found || !opened) throw new Error(`${file} differs from node:crypto`);
  }
}

function trialBatch(commitmentBytes: 0 | 16 | 32): RecordBatch {
  const nonceOffset = 12;
  const lengths = [0, 1, 16, 33, 1000];
  const sizes = lengths.map((length) => nonceOffset + 24 + commitmentBytes + length + 16);
  const starts = sizes.map((_, i) => sizes.slice(0, i).reduce((sum, size) => sum + size, 0));
  return {
    arena: randomBytes(sizes.reduce((sum, size) => sum + size, 0)),
    records: Uint32Array.from(lengths.flatMap((length, i) => [starts[i] ?? 0, length, i, 40])),
    aad: randomBytes(48),
    nonceOffset,
    commitmentBytes,
  };
}
