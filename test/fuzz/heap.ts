import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** What a heap may have grown by when nothing is kept: compiled code and caches that were not warm yet. */
export const maxHeapGrowthOctets = 8 * 1024 * 1024;

/** What is in use after garbage was collected: JavaScript's heap, and the buffers beside it. */
export function heapOctets(): number {
  // Twice: what finalizers let go of in the first round is collected in the second.
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
