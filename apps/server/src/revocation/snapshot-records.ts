import { setImmediate } from 'node:timers/promises';
import { equalBytes } from '@vcc-pki/asn1';
import { entryOctets, snapshotEntryFromHex } from '@vcc-pki/x509';
import type { SnapshotRow } from '../store/index.ts';

/** An entry of a snapshot, and in four octets the second in which its certificate ends (good until the year 2106). */
const recordOctets = entryOctets + 4;

/** Records handled before others get their turn: a few milliseconds. */
const slice = 50_000;

/** Rows as records, ascending by entry, each once; for a page of them. */
export function sortedRecords(rows: readonly SnapshotRow[]): Uint8Array {
  const records = rows.map(({ serialNumber, notAfter }) => {
    const record = new Uint8Array(recordOctets);
    record.set(snapshotEntryFromHex(serialNumber));
    new DataView(record.buffer).setUint32(entryOctets, Math.min(Math.ceil(notAfter / 1000), 0xffff_ffff));
    return record;
  });
  records.sort(Buffer.compare);
  // A revocation whose reason was changed stands in the log twice.
  return Buffer.concat(records.filter((record, i) => i === 0 || !isSameEntry(record, records[i - 1])));
}

/** Both in one, ascending, each entry once; what has ended before `now` is left out. Others work in between. */
export async function mergeRecords(a: Uint8Array, b: Uint8Array, now: number): Promise<Uint8Array> {
  const out = new Uint8Array(a.length + b.length);
  const [viewA, viewB] = [viewOf(a), viewOf(b)];
  const ended = Math.floor(now / 1000);
  let [atA, atB, at, steps] = [0, 0, 0, 0];
  while (atA < a.length || atB < b.length) {
    steps += 1;
    if (steps % slice === 0) await setImmediate();
    const order = atA === a.length ? 1 : atB === b.length ? -1 : compare(viewA, atA, viewB, atB);
    const [view, from, start] = order <= 0 ? [viewA, a, atA] : [viewB, b, atB];
    if (view.getUint32(start + entryOctets) >= ended) {
      for (let i = 0; i < recordOctets; i++) out[at + i] = from[start + i] as number;
      at += recordOctets;
    }
    if (order <= 0) atA += recordOctets;
    if (order >= 0) atB += recordOctets;
  }
  // Where nothing was left out the memory is used as it is.
  return at === out.length ? out : out.slice(0, at);
}

/** The entries of records, in their order. */
export async function entriesOfRecords(records: Uint8Array): Promise<Uint8Array> {
  const count = records.length / recordOctets;
  const out = new Uint8Array(count * entryOctets);
  for (let n = 0; n < count; n++) {
    if (n % slice === slice - 1) await setImmediate();
    const [from, to] = [n * recordOctets, n * entryOctets];
    for (let i = 0; i < entryOctets; i++) out[to + i] = records[from + i] as number;
  }
  return out;
}

function isSameEntry(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return b !== undefined && equalBytes(a.subarray(0, entryOctets), b.subarray(0, entryOctets));
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

function compare(a: DataView, atA: number, b: DataView, atB: number): number {
  return a.getUint32(atA) - b.getUint32(atB) || a.getUint32(atA + 4) - b.getUint32(atB + 4);
}
