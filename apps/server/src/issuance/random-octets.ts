import { randomFillSync } from 'node:crypto';

/** Some hundred certificates' worth. */
const pool = new Uint8Array(4096);
let taken = pool.length;

/**
 * Random octets for what becomes public at once (serial numbers, ids): taken from a pool that the CSPRNG fills in one go,
 * because asking it for a few octets costs as much as asking it for many. No octet is handed out twice. Not for secrets.
 * @param count at most 64.
 */
export function publicRandomOctets(count: number): Uint8Array {
  if (!(count <= 64)) throw new RangeError(`${count} octets are more than an id needs`);
  if (taken + count > pool.length) {
    randomFillSync(pool);
    taken = 0;
  }
  const octets = pool.slice(taken, taken + count);
  taken += count;
  return octets;
}
