import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

const skip = process.platform !== 'linux' && 'SKIPPED: only Linux shows a process its own memory';

test('after close no octets of a KEK or of keys derived from it are left in the memory of the process', {
  skip,
}, async () => {
  const program = join(import.meta.dirname, 'support/run-memory-scan.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--expose-gc',
    '--conditions=@vcc-pki/source',
    program,
  ]);
  const { secure, lockedBytes, names, before, after } = JSON.parse(stdout);
  // The scanner sees: every secret was there while it was in use.
  for (const [i, name] of names.entries()) assert.ok(before[i] > 0, `${name} was not even found before`);
  assert.deepEqual(
    after,
    names.map(() => 0),
    `${names}: ${before} before`,
  );
  assert.ok(!secure || lockedBytes > 0);
});
