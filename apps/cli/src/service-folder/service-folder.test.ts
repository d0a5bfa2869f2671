import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { SignerError } from '@vcc-pki/signer';
import { CliError } from '../cli-error.ts';
import { loadPending, type PendingRequest, removePending, savePending } from './pending-request.ts';
import { keepPrevious, readIfThere, serviceFiles, writeServiceFiles } from './service-folder.ts';

let root: string;
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'vcc-pki-service-folder-'));
});
after(() => rm(root, { recursive: true }));

const pending: PendingRequest = { wish: 'w', idempotencyKey: 'k', body: '{"csr":"…"}', keyPem: 'secret' };

async function modeOf(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777;
}

test('a pending request comes back as it was, readable by its owner only', async () => {
  const folder = join(root, 'pending');
  assert.equal(await loadPending(folder), undefined);
  await savePending(folder, pending);
  assert.deepEqual(await loadPending(folder), pending);
  if (platform() !== 'win32') assert.equal(await modeOf(join(folder, '.pending-request.json')), 0o600);
  await removePending(folder);
  assert.equal(await loadPending(folder), undefined);
});

test('of two runs at once only one begins', async () => {
  const folder = join(root, 'two');
  const results = await Promise.allSettled([savePending(folder, pending), savePending(folder, pending)]);
  const refused = results.filter((result) => result.status === 'rejected');
  assert.equal(refused.length, 1);
  assert.ok(refused[0]!.reason instanceof SignerError);
  assert.equal(refused[0]!.reason.code, 'fileExists');
});

for (const text of ['', '{', '[]', '{"wish":"w"}', 'null']) {
  test(`a damaged pending request (${text}) is told, not forgotten: it may hold a key`, async () => {
    const folder = join(root, 'damaged');
    await savePending(folder, pending).catch(() => {});
    await writeFile(join(folder, '.pending-request.json'), text);
    await assert.rejects(loadPending(folder), (error) => error instanceof CliError && error.code === 'fileUnreadable');
  });
}

test('the five files have their modes, and the pair before is kept', async () => {
  const folder = join(root, 'service');
  const first = { cert: 'c1', key: 'k1', fullchain: 'f1', rootCa: 'r1', metadata: 'm1' };
  assert.equal(await keepPrevious(folder), false);
  const files = await writeServiceFiles(folder, first);
  assert.deepEqual(files, serviceFiles(folder));
  if (platform() !== 'win32') {
    assert.equal(await modeOf(files.key), 0o600);
    assert.equal(await modeOf(files.cert), 0o644);
  }
  assert.equal(await keepPrevious(folder), true);
  await writeServiceFiles(folder, { ...first, cert: 'c2', key: 'k2' });
  assert.equal(await readFile(files.key, 'utf8'), 'k2');
  const previous = serviceFiles(join(folder, 'previous'));
  assert.deepEqual([await readIfThere(previous.cert), await readIfThere(previous.key)], ['c1', 'k1']);
  if (platform() !== 'win32') assert.equal(await modeOf(previous.key), 0o600);
});
