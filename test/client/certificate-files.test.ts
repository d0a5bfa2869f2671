import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { CertificateMaterial } from '@vcc-pki/client';
import { CertificateFiles, ClientError } from '@vcc-pki/client';
import {
  certificatePaths,
  pathsBeside,
  pendingPath,
  previousPaths,
} from '../../packages/client/src/files/certificate-paths.ts';
import type { PendingRequest } from '../../packages/client/src/files/pending-request.ts';
import { selfSigned } from './support/self-signed.ts';

let root: string;
let first: CertificateMaterial;
let second: CertificateMaterial;
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'vcc-pki-certificate-files-'));
  [first, second] = await Promise.all([selfSigned('one'), selfSigned('two')]);
});
after(() => rm(root, { recursive: true }));

function pendingOf(material: CertificateMaterial): PendingRequest {
  return { wish: 'w', idempotencyKey: 'k', body: '{"csr":"…"}', keyPem: material.key };
}

async function modeOf(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777;
}

function hasCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof ClientError && error.code === code;
}

test('a pending request comes back as it was, readable by its owner only', async () => {
  const files = CertificateFiles.inFolder(join(root, 'pending'));
  assert.equal(await files.loadPending(), undefined);
  await files.savePending(pendingOf(first));
  assert.deepEqual(await files.loadPending(), pendingOf(first));
  if (platform() !== 'win32') assert.equal(await modeOf(pendingPath(files.paths)), 0o600);
  await files.removePending();
  assert.equal(await files.loadPending(), undefined);
});

test('of two runs at once only one begins', async () => {
  const files = CertificateFiles.inFolder(join(root, 'two'));
  const results = await Promise.allSettled([files.savePending(pendingOf(first)), files.savePending(pendingOf(second))]);
  const refused = results.filter((result) => result.status === 'rejected');
  assert.equal(refused.length, 1);
  assert.ok(hasCode('busy')(refused[0]!.reason));
});

for (const text of ['', '{', '[]', '{"wish":"w"}', 'null']) {
  test(`a damaged pending request (${text}) is told, not forgotten: it may hold a key`, async () => {
    const files = CertificateFiles.inFolder(join(root, 'damaged'));
    await files.savePending(pendingOf(first)).catch(() => {});
    await writeFile(pendingPath(files.paths), text);
    await assert.rejects(files.load(), hasCode('fileUnreadable'));
  });
}

test('the five files have their modes, and the pair before is kept', async () => {
  const files = CertificateFiles.inFolder(join(root, 'service'));
  assert.equal(await files.load(), undefined);
  await files.savePending(pendingOf(first));
  assert.equal(await files.install(pendingOf(first), first), false);
  if (platform() !== 'win32') {
    assert.equal(await modeOf(files.paths.key), 0o600);
    assert.equal(await modeOf(files.paths.cert), 0o644);
  }
  assert.equal(await files.install(pendingOf(second), second), true);
  assert.equal((await files.load())?.keyPem, second.key);
  const previous = previousPaths(files.paths);
  assert.equal(await readFile(previous.key, 'utf8'), first.key);
  assert.ok(
    new X509Certificate(await readFile(previous.cert)).checkPrivateKey(createPrivateKey(await readFile(previous.key))),
  );
  if (platform() !== 'win32') assert.equal(await modeOf(previous.key), 0o600);
  const left = (await readdir(join(root, 'service'))).filter((name) => name.startsWith('.'));
  assert.deepEqual(left, []);
});

test('a key without its certificate is told, and what had arrived is put in place', async () => {
  const files = CertificateFiles.inFolder(join(root, 'half'));
  await files.savePending(pendingOf(first));
  await files.install(pendingOf(first), first);
  await writeFile(files.paths.key, second.key);
  await assert.rejects(files.load(), hasCode('keyMismatch'));
  await files.savePending({ ...pendingOf(second), arrived: second });
  assert.equal((await files.load())?.certificatePem, second.cert);
  assert.equal(await files.loadPending(), undefined);
});

test('files that were named one by one have their companions beside them', () => {
  const named = { cert: '/etc/a/veritas.crt', key: '/etc/b/veritas.key', rootCa: '/etc/root.pem' };
  const paths = pathsBeside(named);
  assert.equal(paths.fullchain, join('/etc/a', 'veritas-fullchain.pem'));
  assert.equal(pendingPath(paths), join('/etc/b', '.pending-request-veritas.key.json'));
  const usual = certificatePaths('/srv/veritas');
  assert.deepEqual(pathsBeside(usual), usual);
});

test('what a crash left half-written is removed at a start, once nobody can be at it any more', async () => {
  const folder = join(root, 'leftovers');
  const files = CertificateFiles.inFolder(folder);
  await files.savePending(pendingOf(first));
  await files.install(pendingOf(first), first);
  const half = join(folder, '.key.pem.0123456789abcdef.tmp');
  const foreign = join(folder, '.other.pem.0123456789abcdef.tmp');
  await Promise.all([writeFile(half, first.key), writeFile(foreign, '')]);
  await files.removeLeftovers();
  assert.ok((await readdir(folder)).includes('.key.pem.0123456789abcdef.tmp'));
  await files.removeLeftovers(Date.now() + 3_600_000);
  const names = await readdir(folder);
  assert.ok(!names.includes('.key.pem.0123456789abcdef.tmp') && names.includes('.other.pem.0123456789abcdef.tmp'));
});
