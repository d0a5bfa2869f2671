import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const steps = ['open', 'rename', 'unlink', 'link', 'mkdir'] as const;

/**
 * Lets the file system do so many more steps for this process and then `end`: what it does from there on never happens.
 * @returns puts everything back, and tells whether the end was reached
 */
export function crashAfter(count: number, end: () => never): () => boolean {
  const originals = Object.fromEntries(steps.map((name) => [name, fs.promises[name]]));
  let left = count;
  let isReached = false;
  for (const name of steps) {
    const original = originals[name] as (...args: unknown[]) => unknown;
    Object.assign(fs.promises, {
      [name]: (...args: unknown[]) => {
        if (left-- <= 0) {
          isReached = true;
          return end();
        }
        return original(...args);
      },
    });
  }
  syncBuiltinESMExports();
  return () => {
    Object.assign(fs.promises, originals);
    syncBuiltinESMExports();
    return isReached;
  };
}
