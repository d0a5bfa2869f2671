import { after, before } from 'node:test';
import type { Lifetime } from './lifetime.ts';
import { type RunningPki, type RunningPkiOptions, runningPki } from './running-pki.ts';

/** One PKI for all tests of a file or suite, made before the first and removed after the last. */
export function sharedPki(
  makeOptions: (lifetime: Lifetime) => RunningPkiOptions | Promise<RunningPkiOptions> = () => ({}),
): () => RunningPki {
  const cleanUps: (() => unknown)[] = [];
  const lifetime: Lifetime = { after: (cleanUp) => cleanUps.push(cleanUp) };
  let pki: RunningPki | undefined;
  before(async () => {
    pki = await runningPki(lifetime, await makeOptions(lifetime));
  });
  after(async () => {
    // What was made last goes first: the server before its database and its folder.
    for (const cleanUp of cleanUps.toReversed()) await cleanUp();
  });
  return () => {
    if (pki === undefined) throw new Error('the shared PKI is there inside of tests only');
    return pki;
  };
}
