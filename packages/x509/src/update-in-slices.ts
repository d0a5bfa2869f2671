import { setImmediate } from 'node:timers/promises';

/** Octets hashed before others get their turn: about a millisecond. */
const sliceOctets = 2 ** 20;

/** Whether handing the data to node:crypto in one go, which copies it, would hold up the event loop. */
export function isLarge(data: Uint8Array): boolean {
  return data.length > sliceOctets;
}

/** Feeds data to a hash, or to what hashes before it signs or verifies, and lets others work in between. @returns it. */
export async function updateInSlices<T extends { update(data: Uint8Array): unknown }>(
  hasher: T,
  data: Uint8Array,
): Promise<T> {
  for (let from = 0; from < data.length; from += sliceOctets) {
    if (from > 0) await setImmediate();
    hasher.update(data.subarray(from, from + sliceOctets));
  }
  return hasher;
}
