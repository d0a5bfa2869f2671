import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { CertificateFiles, type CertificateMaterial } from '@vcc-pki/client';
import { isPair } from '../../packages/client/src/files/certificate-material.ts';
import { previousPaths } from '../../packages/client/src/files/certificate-paths.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { crashAfter } from './support/crash-point.ts';
import { selfSigned } from './support/self-signed.ts';

let first: CertificateMaterial;
let second: CertificateMaterial;
before(async () => {
  [first, second] = await Promise.all([selfSigned('one'), selfSigned('two')]);
});

function pendingOf({ key }: CertificateMaterial) {
  return { wish: 'w', idempotencyKey: 'k', body: '{}', keyPem: key };
}

async function folderWithFirst(folder: string): Promise<CertificateFiles> {
  const files = CertificateFiles.inFolder(folder);
  await files.savePending(pendingOf(first));
  await files.install(pendingOf(first), first);
  await files.savePending(pendingOf(second));
  return files;
}

/** Whatever happened: there is a pair, the old one or the new one, and the old one is kept once the new one is there. */
async function assertWorks(files: CertificateFiles, when: string): Promise<'first' | 'second'> {
  const found = await files.load();
  assert.ok(found?.certificatePem === first.cert || found?.certificatePem === second.cert, when);
  assert.ok(isPair(found.fullchainPem, found.keyPem), when);
  if (found.certificatePem === first.cert) return 'first';
  const previous = previousPaths(files.paths);
  assert.equal(await readFile(previous.key, 'utf8'), first.key, when);
  assert.equal(await readFile(previous.cert, 'utf8'), first.cert, when);
  return 'second';
}

test('a crash at any step leaves a pair that works', async (t) => {
  const root = await temporaryDirectory(t);
  const outcomes = new Set<string>();
  for (let step = 0; ; step++) {
    const files = await folderWithFirst(join(root, `step-${step}`));
    const restore = crashAfter(step, () => {
      throw new Error('crashed');
    });
    await files.install(pendingOf(second), second).catch(() => {});
    const isCrashed = restore();
    outcomes.add(await assertWorks(CertificateFiles.inFolder(join(root, `step-${step}`)), `crash at step ${step}`));
    if (!isCrashed) {
      assert.ok(step > 20, `only ${step} steps`);
      break;
    }
  }
  assert.deepEqual([...outcomes], ['first', 'second']);
});

const killSteps = process.env['KILL_STEPS'] === 'all' ? Array.from({ length: 30 }, (_, step) => step) : [1, 9, 20, 22];
for (const step of killSteps) {
  test(`kill -9 at step ${step} does too`, async (t) => {
    const root = await temporaryDirectory(t);
    const files = await folderWithFirst(join(root, 'service'));
    await writeFile(join(root, 'second.json'), JSON.stringify(second), { mode: 0o600 });
    const victim = fileURLToPath(new URL('support/install-victim.ts', import.meta.url));
    const args = ['--conditions=@vcc-pki/source', victim, join(root, 'service'), join(root, 'second.json'), `${step}`];
    const [, signal] = (await once(spawn(process.execPath, args, { stdio: 'inherit' }), 'exit')) as [number, string];
    assert.equal(signal, 'SIGKILL');
    await assertWorks(files, `kill at step ${step}`);
  });
}
