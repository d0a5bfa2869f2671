import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Tells what the file of the ledger's thread loads of packages, by name; it refuses to run elsewhere, but only when it has loaded all. */
const program = `
  import { registerHooks } from 'node:module';
  const packages = new Set();
  registerHooks({
    load(url, context, nextLoad) {
      const name = /node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(url)?.[1];
      if (name !== undefined) packages.add(name);
      return nextLoad(url, context);
    },
  });
  await import('./apps/server/src/store/sqlite/ledger-worker.ts').catch((error) => {
    if (!/runs in a worker thread/.test(error.message)) throw error;
  });
  console.log([...packages].join(' '));`;

test('the ledger thread loads no schemas: a server would start later by a third of a second', async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=@vcc-pki/source', '--input-type=module', '--eval', program],
    { cwd: fileURLToPath(new URL('../..', import.meta.url)) },
  );
  assert.equal(stdout.trim(), 'kysely');
});
