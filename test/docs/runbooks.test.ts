import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { FieldEncryption, PKIKeyProvider } from '@vcc-pki/key-provider';
import { allowService } from '../support/configure.ts';
import type { Lifetime } from '../support/lifetime.ts';
import { runningPki } from '../support/running-pki.ts';
import { shBlocks } from './sh-blocks.ts';
import { runBlock } from './shell.ts';

const line = 'themis-main';

/** A PKI and a service that has records under the first version of a line, and goes on running. */
async function setUp(t: Lifetime) {
  const pki = await runningPki(t, { configure: allowService('themis', 'keks: { themis-main: [read, write] }') });
  const made = await pki.call('POST', '/api/v1/keks', { body: { line } });
  assert.equal(made.status, 201, made.text);
  const { cert, key } = await pki.issueFor('themis');
  const folder = join(pki.directory, 'themis');
  await mkdir(folder);
  await writeFile(join(folder, 'fullchain.pem'), cert);
  await writeFile(join(folder, 'key.pem'), key);
  const tls = { certificatePem: cert, keyPem: key, trustedPem: pki.rootPem };
  const provider = PKIKeyProvider.at(pki.apiUrl, tls, { startSpreadMs: 0 });
  t.after(() => provider.close());
  await provider.bootstrap();
  const file = join(pki.directory, 'themis.db');
  fillPatients(provider, file);
  const plan = join(pki.directory, 'plan.yaml');
  const column = '{ table: patients, key: id, record: ssn, collection: patients, field: ssn }';
  await writeFile(plan, `line: ${line}\ntenant: acme\ndatabase: sqlite:${file}\ncolumns:\n  - ${column}\n`);
  const env = {
    ...{ PKI_DIR: pki.directory, PKI_PORT: String(pki.port), PUBLIC_URL: pki.publicUrl },
    ...{ LINE: line, OLD: 'kek_1', NEW: 'kek_2', BAD: 'kek_2', PLAN: plan, THEMIS: folder },
    REENCRYPT_OPTIONS: '--settle-seconds 0',
  };
  return { pki, provider, file, env };
}

function fillPatients(provider: PKIKeyProvider, file: string): void {
  const encryption = new FieldEncryption({ keys: provider, line, tenant: 'acme' });
  const database = new DatabaseSync(file);
  database.exec('create table patients (id text primary key, ssn blob)');
  const insert = database.prepare('insert into patients values (?, ?)');
  for (const id of ['a', 'b', 'c']) {
    insert.run(id, encryption.encrypt({ collection: 'patients', field: 'ssn', documentId: id }, id));
  }
  database.close();
}

/** Versions of the records in a database. */
function versionsIn(file: string): number[] {
  const database = new DatabaseSync(file);
  const rows = database.prepare('select ssn from patients').all() as { ssn: Uint8Array }[];
  database.close();
  return rows.map(({ ssn }) => Buffer.from(ssn).readUInt32BE(8));
}

test('the commands of the runbooks do what they say, one runbook after the other', { timeout: 300_000 }, async (t) => {
  const { pki, provider, file, env } = await setUp(t);
  const follow = async (name: string, afterBlock: (block: string) => void | Promise<void> = () => undefined) => {
    const blocks = await shBlocks(`docs/runbooks/${name}.md`);
    assert.ok(blocks.length > 0, name);
    for (const block of blocks) {
      const { code, stdout, stderr } = await runBlock(block, { cwd: pki.directory, env });
      assert.equal(code, 0, `${name}: ${block}\n${stdout}\n${stderr}`);
      await afterBlock(block);
    }
  };

  await follow('rotate-a-kek', async (block) => {
    // Every consumer has the new version before it is promoted; the page says within a minute, a push takes no time.
    if (block.includes('kek rotate')) while (!provider.hasAcknowledged(line)) await provider.onKEKRotation();
  });
  assert.deepEqual(versionsIn(file), [2, 2, 2]);
  await provider.onKEKRotation();
  await assert.rejects(async () => provider.byVersion(1, 1), { code: 'KEK_DISABLED' });

  await follow('kek-compromise');
  assert.deepEqual(versionsIn(file), [3, 3, 3]);
  await provider.onKEKRotation();
  assert.equal(provider.primary(line).version, 3);
  await assert.rejects(async () => provider.byVersion(1, 2), { code: 'KEK_REVOKED' });

  await follow('server-outage');
  await follow('restore');
  await provider.onKEKRotation();
  assert.equal(provider.status().condition, 'ready');
});
