import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { writeFileAtomically } from './atomic-file.ts';
import { SignerError } from './signer-error.ts';

const posix = process.platform === 'win32' ? 'SKIPPED: Windows has no file modes' : false;
let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'atomic-'));
  path = join(folder, 'file');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('writes text and octets, and leaves nothing beside them', async () => {
  await writeFileAtomically({ path, contents: 'text', mode: 0o600, overwrite: 'never' });
  assert.equal(readFileSync(path, 'utf8'), 'text');
  await writeFileAtomically({ path, contents: Uint8Array.of(1, 2), mode: 0o600, overwrite: 'replace' });
  assert.deepEqual([...readFileSync(path)], [1, 2]);
  assert.deepEqual(readdirSync(folder), ['file']);
});

test('has exactly the mode that was asked for, whatever the umask', { skip: posix }, async () => {
  const umask = process.umask(0o077);
  try {
    for (const mode of [0o400, 0o600, 0o644]) {
      await writeFileAtomically({ path, contents: '', mode, overwrite: 'replace' });
      assert.equal(statSync(path).mode & 0o777, mode);
    }
  } finally {
    process.umask(umask);
  }
});

test('never overwrites unless told to', async () => {
  writeFileSync(path, 'first');
  await assert.rejects(
    writeFileAtomically({ path, contents: 'second', mode: 0o600, overwrite: 'never' }),
    (error: unknown) => error instanceof SignerError && error.code === 'fileExists',
  );
  assert.equal(readFileSync(path, 'utf8'), 'first');
  assert.deepEqual(readdirSync(folder), ['file']);
});

test('of many writers at once exactly one wins', async () => {
  const writes = Array.from({ length: 20 }, (_, i) =>
    writeFileAtomically({ path, contents: `${i}`, mode: 0o600, overwrite: 'never' }),
  );
  const results = await Promise.allSettled(writes);
  const winners = results.flatMap((result, i) => (result.status === 'fulfilled' ? [`${i}`] : []));
  assert.deepEqual(winners, [readFileSync(path, 'utf8')]);
  assert.deepEqual(readdirSync(folder), ['file']);
});

test('a write that fails leaves nothing behind', async () => {
  await assert.rejects(
    writeFileAtomically({ path: join(folder, 'absent', 'file'), contents: '', mode: 0o600, overwrite: 'never' }),
    { code: 'ENOENT' },
  );
  // A folder that is not empty cannot be replaced by a file.
  await assert.rejects(writeFileAtomically({ path: folder, contents: '', mode: 0o600, overwrite: 'replace' }));
  assert.deepEqual(readdirSync(folder), []);
});

test('a process killed while it writes leaves the old file or the new one, whole', { skip: posix }, async () => {
  const size = 4 * 1024 * 1024;
  const program = `
    import { writeFileAtomically } from ${JSON.stringify(import.meta.resolve('./atomic-file.ts'))};
    for (let i = 1; ; i++) {
      if (i === 2) process.stdout.write('writing');
      const contents = Buffer.alloc(${size}, i % 256);
      await writeFileAtomically({ path: ${JSON.stringify(path)}, contents, mode: 0o600, overwrite: 'replace' });
    }`;
  for (let round = 0; round < 8; round++) {
    const child = spawn(process.execPath, ['--conditions=@vcc-pki/source', '--input-type=module', '-e', program]);
    await once(child.stdout, 'data');
    await new Promise((resolve) => setTimeout(resolve, 7 * round));
    child.kill('SIGKILL');
    await once(child, 'exit');
    assert.ok(existsSync(path));
    const contents = readFileSync(path);
    assert.equal(contents.length, size);
    assert.ok(contents.every((octet) => octet === contents[0]));
  }
});
