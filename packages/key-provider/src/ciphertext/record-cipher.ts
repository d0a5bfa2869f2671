import { KeyError, type KeyErrorOptions } from '../key-error.ts';
import type { FieldKey } from '../keys/field-key.ts';
import type { ContextEncoder, RecordContext } from './context.ts';
import { type Engine, numbersPerRecord, type RecordBatch, verdicts } from './engine.ts';
import type { NonceSource } from './nonce-source.ts';
import { layoutOf, type RecordHeader, tagBytes } from './record-header.ts';
import { suites } from './suites.ts';

/**
 * Octets of records that are worked on at once and share one piece of memory: more gains no speed, and would let one result
 * that is kept hold on to all the others.
 */
const maxArenaBytes = 524_288;

/** One value or record with the part of the context that is its own. */
export interface RecordItem extends Pick<RecordContext, 'documentId' | 'rowVersion'> {
  readonly octets: Uint8Array;
}

/** What the records of one run have in common. */
export interface RecordRun {
  readonly engine: Engine;
  readonly key: FieldKey;
  readonly header: RecordHeader;
  /** {@link header}, encoded. */
  readonly headerOctets: Uint8Array;
  readonly encoder: ContextEncoder;
}

/** Encrypts values under one key and header, each into a record of its own. */
export function sealRecords(run: RecordRun, items: readonly RecordItem[], nonces: NonceSource): Uint8Array[] {
  const { engine, key, header, headerOctets } = run;
  const { nonceOffset, bodyOffset } = layoutOf(header);
  const results: Uint8Array[] = [];
  nonces.readClock();
  for (let from = 0, to = 0; from < items.length; from = to) {
    to = chunkEnd(items, from, bodyOffset + tagBytes);
    const chunk = pieceOf(items, from, to);
    // From Node's pool where it is small: ciphertext is no secret.
    const batch = newBatch(Buffer.allocUnsafe(octetsOf(chunk, bodyOffset + tagBytes)), chunk, run, chunk);
    const { arena, records } = batch;
    let start = 0;
    for (let i = 0, first = 0; i < chunk.length; i++, first += numbersPerRecord) {
      const value = (chunk[i] as RecordItem).octets;
      const end = start + bodyOffset + value.length + tagBytes;
      for (let octet = 0; octet < headerOctets.length; octet++) arena[start + octet] = headerOctets[octet] as number;
      nonces.writeInto(arena, start + nonceOffset);
      if (engine.inPlace) arena.set(value, start + bodyOffset);
      records[first] = start;
      records[first + 1] = value.length;
      results.push(arena.subarray(start, end));
      start = end;
    }
    engine.seal(key, batch);
  }
  key.countEncryptions(items.length);
  return results;
}

/** Decrypts records of one key and header. A record that does not open gives the error instead of its value. */
export function openRecords(run: RecordRun, items: readonly RecordItem[]): (Uint8Array | KeyError)[] {
  const { engine, key, header } = run;
  const { bodyOffset } = layoutOf(header);
  const results: (Uint8Array | KeyError)[] = [];
  for (let from = 0, to = 0; from < items.length; from = to) {
    to = chunkEnd(items, from, 0);
    const chunk = pieceOf(items, from, to);
    // Never from Node's pool: it becomes plaintext.
    const batch = newBatch(Buffer.allocUnsafeSlow(octetsOf(chunk, 0)), chunk, run);
    const { arena, records } = batch;
    let start = 0;
    for (let i = 0, first = 0; i < chunk.length; i++, first += numbersPerRecord) {
      const record = (chunk[i] as RecordItem).octets;
      arena.set(record, start);
      records[first] = start;
      records[first + 1] = record.length - bodyOffset - tagBytes;
      start += record.length;
    }
    const found = engine.open(key, batch);
    for (let i = 0, first = 0; i < chunk.length; i++, first += numbersPerRecord) {
      const body = (records[first] ?? 0) + bodyOffset;
      results.push(
        found[i] === verdicts.good
          ? arena.subarray(body, body + (records[first + 1] ?? 0))
          : refusal(found[i] === verdicts.wrongKey, header),
      );
    }
  }
  return results;
}

function newBatch(
  arena: Buffer,
  chunk: readonly RecordItem[],
  { engine, encoder, header }: RecordRun,
  values?: readonly RecordItem[],
): RecordBatch {
  const records = new Uint32Array(chunk.length * numbersPerRecord);
  const { nonceOffset } = layoutOf(header);
  const { commitmentBytes } = suites[header.suite];
  const batch = { arena, records, nonceOffset, commitmentBytes, values };
  return engine.inPlace
    ? { ...batch, aad: writeContexts(records, chunk, encoder, header) }
    : { ...batch, aad: noOctets, aadOf: (index) => encoder.shared(chunk[index] as RecordItem) };
}

const noOctets = Buffer.alloc(0);

/** The AADs of a chunk: one for all where records are bound to nothing of their own. */
function writeContexts(
  records: Uint32Array,
  chunk: readonly RecordItem[],
  encoder: ContextEncoder,
  header: RecordHeader,
): Buffer {
  const shared = header.binding === 'field' ? encoder.shared({}) : undefined;
  const aad = shared ?? Buffer.allocUnsafe(contextOctetsOf(chunk, encoder));
  let start = 0;
  for (let i = 0, first = 2; i < chunk.length; i++, first += numbersPerRecord) {
    const end = shared?.length ?? encoder.writeInto(aad, start, chunk[i] as RecordItem);
    records[first] = start;
    records[first + 1] = end - start;
    if (!shared) start = end;
  }
  return aad;
}

function contextOctetsOf(chunk: readonly RecordItem[], encoder: ContextEncoder): number {
  let octets = 0;
  for (let i = 0; i < chunk.length; i++) octets += encoder.maxLength(chunk[i] as RecordItem);
  return octets;
}

/** Where the items end that are worked on at once, at least one. */
function chunkEnd(items: readonly RecordItem[], from: number, overhead: number): number {
  let octets = 0;
  for (let i = from; i < items.length; i++) {
    octets += (items[i] as RecordItem).octets.length + overhead;
    if (i > from && octets > maxArenaBytes) return i;
  }
  return items.length;
}

function pieceOf(items: readonly RecordItem[], from: number, to: number): readonly RecordItem[] {
  return from === 0 && to === items.length ? items : items.slice(from, to);
}

function octetsOf(chunk: readonly RecordItem[], overhead: number): number {
  let octets = 0;
  for (let i = 0; i < chunk.length; i++) octets += (chunk[i] as RecordItem).octets.length + overhead;
  return octets;
}

/**
 * Why a record did not open. A commitment that holds proves key and nonce, and the key is derived from tenant, collection and
 * field: where the record is bound to nothing else, only a change of its octets is left.
 */
export function refusal(wrongKey: boolean, { suite, binding, groupEpoch, lineId, version }: RecordHeader): KeyError {
  const names: KeyErrorOptions = { kekLine: lineId, kekVersion: version };
  if (wrongKey) {
    return new KeyError(
      'WRONG_KEY',
      'another key, tenant, collection or field, or a damaged nonce or commitment',
      names,
    );
  }
  const proven = suites[suite].commitmentBytes > 0;
  if (!proven || (binding === 'field' && groupEpoch === undefined)) {
    return new KeyError('TAMPERED', 'the record was changed', names);
  }
  return new KeyError(
    'CONTEXT_MISMATCH',
    'the record is of another document, row version or group, or was changed',
    names,
  );
}
