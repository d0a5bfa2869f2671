import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until something is so. @returns how long it took, in milliseconds */
export async function until(what: string, isSo: () => boolean, limitMs = 20_000): Promise<number> {
  const startMs = performance.now();
  while (!isSo()) {
    if (performance.now() - startMs > limitMs) throw new Error(`not within ${limitMs} ms: ${what}`);
    await sleep(2);
  }
  return performance.now() - startMs;
}
