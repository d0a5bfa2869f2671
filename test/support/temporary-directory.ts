import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Lifetime } from './lifetime.ts';

/** Makes an empty directory that is removed after the test. */
export async function temporaryDirectory(t: Lifetime): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'vcc-pki-test-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  return directory;
}
