import { hash } from 'node:crypto';
import { type SerialNumber, serialFromHex } from '../serial-number.ts';

/**
 * Octets of an entry. Serial numbers are random, so among a million entries one certificate is taken for another with a
 * probability of 2^-44; nobody can choose a serial number to make it happen.
 */
export const entryOctets = 8;

/** What stands for a certificate in a snapshot: the first octets of the SHA-256 of its serial number's INTEGER content. */
export function snapshotEntry(serialNumber: SerialNumber): Uint8Array {
  return new Uint8Array(hash('sha256', serialNumber, 'buffer').subarray(0, entryOctets));
}

/** The same from the canonical hex of a serial number. @throws {@link X509Error} `badSerialNumber` */
export function snapshotEntryFromHex(serialNumber: string): Uint8Array {
  return snapshotEntry(serialFromHex(serialNumber));
}

/** Entries in one array, ascending, each once. */
export function sortEntries(entries: readonly Uint8Array[]): Uint8Array {
  const sorted = [...entries].sort(Buffer.compare);
  const out = new Uint8Array(sorted.length * entryOctets);
  let at = 0;
  for (const entry of sorted) {
    if (at > 0 && compareAt(out, at - entryOctets, entry, 0) === 0) continue;
    out.set(entry, at);
    at += entryOctets;
  }
  return out.slice(0, at);
}

/** True when the entries ascend and none is there twice. */
export function areSorted(entries: Uint8Array): boolean {
  for (let at = entryOctets; at < entries.length; at += entryOctets) {
    if (compareAt(entries, at - entryOctets, entries, at) >= 0) return false;
  }
  return true;
}

/** Looks an entry up in ascending ones, by halving. */
export function hasEntry(entries: Uint8Array, entry: Uint8Array): boolean {
  let low = 0;
  let high = entries.length / entryOctets;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = compareAt(entries, middle * entryOctets, entry, 0);
    if (order === 0) return true;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return false;
}

/** Both in one, ascending, each entry once. */
export function mergeEntries(a: Uint8Array, b: Uint8Array): Uint8Array {
  const out = new Uint8Array(a.length + b.length);
  let [atA, atB, at] = [0, 0, 0];
  while (atA < a.length || atB < b.length) {
    const order = atA === a.length ? 1 : atB === b.length ? -1 : compareAt(a, atA, b, atB);
    const [from, start] = order <= 0 ? [a, atA] : [b, atB];
    for (let i = 0; i < entryOctets; i++) out[at + i] = from[start + i] as number;
    at += entryOctets;
    if (order <= 0) atA += entryOctets;
    if (order >= 0) atB += entryOctets;
  }
  return out.slice(0, at);
}

function compareAt(a: Uint8Array, atA: number, b: Uint8Array, atB: number): number {
  for (let i = 0; i < entryOctets; i++) {
    const difference = (a[atA + i] as number) - (b[atB + i] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}
