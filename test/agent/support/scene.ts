import type { Lifetime } from '../../support/lifetime.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

/** A folder, and what happens in it; what began last ends first, so that nothing writes into a folder that is being removed. */
export interface Scene extends Lifetime {
  readonly folder: string;
}

/** Sets a scene for one test. */
export async function openScene(t: Lifetime): Promise<Scene> {
  const cleanUps: (() => unknown)[] = [];
  t.after(async () => {
    for (const cleanUp of cleanUps.toReversed()) await cleanUp();
  });
  const after = (cleanUp: () => unknown): void => void cleanUps.push(cleanUp);
  return { after, folder: await temporaryDirectory({ after }) };
}
