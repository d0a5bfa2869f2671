import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { KekResource } from '@vcc-pki/api';
import { SeedVault } from '../../../apps/server/src/keks/seed-vault.ts';
import { assertProblem } from '../../support/assert-problem.ts';
import { allowService } from '../../support/configure.ts';
import { fetchGroupKey, fetchKek, groupPath } from '../../support/kek-consumer.ts';
import { runProgram } from '../../support/run-program.ts';
import { runningPki } from '../../support/running-pki.ts';
import { systemProgram } from '../../support/system-program.ts';

const configure = allowService('themis', 'keks: { themis-main: [read, write] }');

/** Every file below a folder, with its octets. */
async function filesOf(folder: string): Promise<[string, Buffer][]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(paths.map(async (path): Promise<[string, Buffer]> => [path, await readFile(path)]));
}

test('no file of the PKI, backup included, and no line of the log has a seed in clear', async (t) => {
  const { seal } = SeedVault.prototype;
  const seeds: Buffer[] = [];
  t.after(() => {
    SeedVault.prototype.seal = seal;
  });
  // Looks on as the real one works: the seeds are nowhere else to be had.
  SeedVault.prototype.seal = function (this: SeedVault, seed, name) {
    seeds.push(Buffer.from(seed));
    return seal.call(this, seed, name);
  };
  const pki = await runningPki(t, { configure });
  const themis = await pki.issueFor('themis');
  const made = (await pki.call('POST', '/api/v1/keks', { body: { line: 'themis-main' } })).json() as KekResource;
  await pki.call('POST', '/api/v1/keks/themis-main/rotate');
  const { opened } = await fetchKek(pki.call, { as: themis, kekId: made.id });
  const group = { line: 'themis-main', tenant: 'acme', group: 'doctors' };
  await pki.call('POST', '/api/v1/keks/themis-main/groups', { body: { tenant: 'acme', group: 'doctors' } });
  await pki.call('PUT', `${groupPath(group)}/members/themis`);
  await pki.call('POST', `${groupPath(group)}/epochs`);
  const fetchGroup = () => fetchGroupKey(pki.call, { as: themis, name: { ...group, epoch: 2 } });
  const { key } = await fetchGroup();
  assert.equal(seeds.length, 4);
  assert.ok(seeds[3]?.equals(key!));
  await pki.restart();
  const secrets = [...seeds, Buffer.from(opened!.root)];
  const files = await filesOf(pki.directory);
  assert.ok(files.some(([path]) => path.endsWith('pki_server.db')));
  for (const [path, octets] of files) {
    for (const secret of secrets) {
      assert.ok(!octets.includes(secret), path);
      const text = octets.toString('latin1').toLowerCase();
      assert.ok(!text.includes(secret.toString('hex')), path);
      assert.ok(!octets.includes(secret.toString('base64').slice(0, 40)), path);
    }
  }
  assert.ok(!pki.log.some((line) => secrets.some((secret) => line.includes(secret.toString('hex')))));
  // What was sealed before the restart opens after it.
  assert.deepEqual((await fetchKek(pki.call, { as: themis, kekId: made.id })).opened?.root, opened?.root);
  assert.deepEqual((await fetchGroup()).key, key);
});

test('the key-encryption root is a file like those of the CAs, and its passphrase is changed like theirs', async (t) => {
  const pki = await runningPki(t, { configure });
  const themis = await pki.issueFor('themis');
  await pki.call('POST', '/api/v1/keks', { body: { line: 'themis-main' } });
  const before = await fetchKek(pki.call, { as: themis, kekId: 'kek_1' });
  const file = join(pki.directory, 'intermediate/kek_root_key.pem');
  assert.equal((await stat(file)).mode & 0o777, 0o400);

  const old = Buffer.from(pki.passphrase).toString();
  for (const name of ['intermediate/kek_root_key.pem', 'intermediate/intermediate_ca_key.pem']) {
    const path = join(pki.directory, name);
    const key = createPrivateKey({ key: await readFile(path), passphrase: old });
    assert.ok(key.asymmetricKeyType);
    await runProgram(systemProgram('openssl'), [
      ...['pkcs8', '-topk8', '-v2', 'aes-256-cbc', '-v2prf', 'hmacWithSHA256', '-iter', '600000'],
      ...['-in', path, '-passin', `pass:${old}`, '-out', `${path}.new`, '-passout', 'pass:another passphrase'],
    ]);
    await writeFile(`${path}.new`, await readFile(`${path}.new`), { mode: 0o600 });
    await rename(`${path}.new`, path);
  }
  await pki.restart({ passphrase: new TextEncoder().encode('another passphrase') });
  const after = await fetchKek(pki.call, { as: themis, kekId: 'kek_1' });
  assert.deepEqual(after.opened?.root, before.opened?.root);
});

test('a server with another key-encryption root makes no keys and delivers none, and says why', async (t) => {
  const pki = await runningPki(t, { configure });
  const themis = await pki.issueFor('themis');
  await pki.call('POST', '/api/v1/keks', { body: { line: 'themis-main' } });
  await rename(join(pki.directory, 'intermediate/kek_root_key.pem'), join(pki.directory, 'lost.pem'));
  await pki.restart();
  assertProblem((await fetchKek(pki.call, { as: themis, kekId: 'kek_1' })).answer, 'notReady');
  assertProblem(await pki.call('POST', '/api/v1/keks', { body: { line: 'other' } }), 'notReady');
  const group = { tenant: 'acme', group: 'doctors' };
  assertProblem(await pki.call('POST', '/api/v1/keks/themis-main/groups', { body: group }), 'notReady');
  await rename(join(pki.directory, 'lost.pem'), join(pki.directory, 'intermediate/kek_root_key.pem'));
  await pki.restart();
  assert.equal((await fetchKek(pki.call, { as: themis, kekId: 'kek_1' })).answer.status, 200);
});
