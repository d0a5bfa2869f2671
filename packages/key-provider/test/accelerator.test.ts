import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { FieldEncryption } from '@vcc-pki/key-provider';
import { AcceleratorBuildError, buildAccelerator } from '../src/accelerator/build-accelerator.ts';
import { loadAccelerator } from '../src/accelerator/native-engine.ts';
import { nodeEngine } from '../src/ciphertext/node-engine.ts';
import { memoryKeks } from './support/memory-keks.ts';

const folder = mkdtempSync(join(tmpdir(), 'accelerator-'));
after(() => rmSync(folder, { recursive: true }));

const run = promisify(execFile);
const program = join(import.meta.dirname, 'support/run-accelerator.ts');

/** Why the compiler is not used, in one line. */
function skipWithoutCompiler(): string | false {
  if (process.platform !== 'linux') return 'SKIPPED: sanitizers are run on Linux';
  try {
    execFileSync('cc', ['--version'], { stdio: 'ignore' });
    return false;
  } catch {
    return 'SKIPPED: there is no C compiler here';
  }
}
const skip = skipWithoutCompiler();

test('the accelerator does octet for octet what node:crypto does', { skip }, async () => {
  const file = await buildAccelerator({ output: join(folder, 'plain.node') });
  await run(process.execPath, ['--conditions=@vcc-pki/source', program, file, '150']);
});

test('the accelerator touches nothing beyond its buffers, and does nothing undefined', { skip }, async () => {
  const compilerOptions = ['-O1', '-g', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'];
  const file = await buildAccelerator({ output: join(folder, 'sanitized.node'), compilerOptions });
  const runtimes = ['libasan.so', 'libubsan.so'].map((name) =>
    execFileSync('cc', [`-print-file-name=${name}`], { encoding: 'utf8' }).trim(),
  );
  // Node leaves memory to the system when it ends: leaks are not what is asked here.
  const env = { ...process.env, LD_PRELOAD: runtimes.join(' '), ASAN_OPTIONS: 'detect_leaks=0' };
  await run(process.execPath, ['--conditions=@vcc-pki/source', program, file, '40'], { env });
});

test('what one engine encrypts the other decrypts', { skip }, async () => {
  const keys = memoryKeks();
  keys.add(1);
  const native = loadAccelerator(await buildAccelerator({ output: join(folder, 'pair.node') }));
  const [one, other] = [native, nodeEngine].map(
    (engine) => new FieldEncryption({ keys, line: 'themis-main', tenant: 'acme', engine }),
  );
  assert.deepEqual([one?.engine, other?.engine], ['native', 'node']);
  const place = { collection: 'patients', field: 'ssn', documentId: 1 };
  for (const [writer, reader] of [
    [one, other],
    [other, one],
  ]) {
    const record = writer?.encrypt(place, 'abc') ?? assert.fail();
    assert.equal(Buffer.from((await reader?.decrypt(place, record)) ?? []).toString(), 'abc');
    assert.equal(record.length, 87);
  }
});

test('a machine that cannot build it is told so in one line', async () => {
  await assert.rejects(
    buildAccelerator({ output: join(folder, 'none.node'), compiler: 'no-such-compiler' }),
    (error: unknown) => error instanceof AcceleratorBuildError && !error.message.includes('\n'),
  );
});
