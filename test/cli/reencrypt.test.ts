import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { before, describe, test } from 'node:test';
import type { KekResource } from '@vcc-pki/api';
import { FieldEncryption, PKIKeyProvider } from '@vcc-pki/key-provider';
import { allowService } from '../support/configure.ts';
import type { IssuedIdentity, RunningPki } from '../support/running-pki.ts';
import { sharedPki } from '../support/shared-pki.ts';
import { runCommand } from './support/run-cli.ts';

const line = 'themis-main';
const plan = (database: string): string => `
line: ${line}
tenant: acme
database: ${database}
columns:
  - table: patients
    key: id
    record: ssn
    collection: patients
    field: ssn
    document_id_type: integer
`;

describe('vcc-pki reencrypt', () => {
  const shared = sharedPki(() => ({ configure: allowService('themis', 'keks: { themis-main: [read, write] }') }));
  let themis: IssuedIdentity;
  let first: KekResource;
  let options: string[];
  let databaseFile: string;

  /** Runs the command as the service. */
  const reencrypt = (...args: string[]) =>
    runCommand(['reencrypt', join(shared().directory, 'plan.yaml'), ...options, ...args]);
  const versions = (): number[] => {
    const database = new DatabaseSync(databaseFile);
    const rows = database.prepare('select ssn from patients order by id').all() as { ssn: Uint8Array }[];
    database.close();
    return rows.map(({ ssn }) => Buffer.from(ssn).readUInt32BE(8));
  };

  before(async () => {
    const pki = shared();
    databaseFile = join(pki.directory, 'patients.db');
    first = (await pki.call('POST', '/api/v1/keks', { body: { line } })).json() as KekResource;
    themis = await pki.issueFor('themis');
    const [cert, key] = [join(pki.directory, 'themis.pem'), join(pki.directory, 'themis.key')];
    await writeFile(cert, themis.cert);
    await writeFile(key, themis.key);
    options = ['--server', pki.apiUrl, '--ca', pki.rootFile, '--cert', cert, '--key', key, '--settle-seconds', '0'];
    await writeFile(join(pki.directory, 'plan.yaml'), plan(`sqlite:${databaseFile}`));
    await fillPatients(pki, themis, databaseFile);
  });

  test('--dry-run counts and changes nothing', async () => {
    const { code, stdout } = await reencrypt('--dry-run', '--json');
    assert.equal(code, 0, stdout);
    assert.deepEqual((JSON.parse(stdout) as { columns: unknown }).columns, [
      {
        ...{ column: 'patients.ssn', rows: 250, unrecognized: 0 },
        versions: [{ version: 1, records: 250, is_primary: true }],
      },
    ]);
    assert.match((await reencrypt('--dry-run')).stdout, /patients\.ssn +1 +250 +primary/);
  });

  test('after a rotation everything is encrypted anew, the server is told, and the old version may be disabled', async () => {
    const pki = shared();
    const second = (await pki.call('POST', `/api/v1/keks/${line}/rotate`, {})).json() as KekResource;
    const change = (id: string, action: string, force = false) =>
      pki.call('POST', `/api/v1/keks/${id}/change`, { body: { action, force } });
    assert.equal((await change(second.id, 'promote', true)).status, 200);
    assert.equal((await change(first.id, 'disable')).body['code'], 'kekInUse');
    // Paused as by Ctrl+C, in the middle: its place is kept, and the same command goes on there.
    const paused = await runCommand(
      ['reencrypt', join(pki.directory, 'plan.yaml'), ...options, '--json', '--rows-per-second', '100'],
      { stop: new Promise((resolve) => setTimeout(resolve, 1_500)) },
    );
    assert.equal(paused.code, 130, paused.stderr);
    const { outcome: pausedAs, rewritten: before } = JSON.parse(paused.stdout) as Record<string, unknown>;
    assert.equal(pausedAs, 'stopped');
    assert.ok(Number(before) > 0 && Number(before) < 250, `${before}`);
    assert.equal(versions().filter((version) => version === 2).length, before);
    const { code, stdout, stderr } = await reencrypt('--json');
    assert.equal(code, 0, stderr);
    const { outcome, rewritten, clean_scans, quarantine } = JSON.parse(stdout) as Record<string, unknown>;
    assert.deepEqual(
      { outcome, rewritten, clean_scans, quarantine },
      {
        ...{ outcome: 'done', rewritten: 250, clean_scans: 2, quarantine: [] },
      },
    );
    assert.deepEqual(new Set(versions()), new Set([2]));
    assert.match(stderr, /pass 1, patients\.ssn/);
    const disabled = await change(first.id, 'disable');
    assert.equal(disabled.status, 200, disabled.text);
  });

  test('rows that cannot be encrypted anew are listed, with exit code 1', async () => {
    const database = new DatabaseSync(databaseFile);
    // The record of another document, and under the disabled version.
    const [row] = database.prepare('select ssn from patients where id = 1').all() as { ssn: Uint8Array }[];
    database.prepare('update patients set ssn = ? where id = 2').run(row!.ssn);
    database.close();
    const third = (await shared().call('POST', `/api/v1/keks/${line}/rotate`, {})).json() as KekResource;
    await shared().call('POST', `/api/v1/keks/${third.id}/change`, { body: { action: 'promote', force: true } });
    const { code, stdout } = await reencrypt('--json');
    assert.equal(code, 1);
    const told = JSON.parse(stdout) as Record<string, unknown>;
    assert.equal(told['code'], 'notReencrypted');
    assert.deepEqual(told['quarantine'], [{ partition: 'patients.ssn', key: 2, reason: 'CONTEXT_MISMATCH' }]);
    assert.equal(versions().filter((version) => version === 3).length, 249);
  });

  test('a plan that is wrong says where, and nothing is touched', async () => {
    const file = join(shared().directory, 'wrong.yaml');
    await writeFile(file, plan('mysql://nowhere').replace('collection: patients', 'colection: patients'));
    const wrong = await runCommand(['reencrypt', file, ...options, '--json']);
    assert.equal(wrong.code, 1);
    assert.equal((JSON.parse(wrong.stdout) as Record<string, unknown>)['code'], 'badConfiguration');
    await writeFile(file, `${plan('mysql://nowhere')}job_id: not ok\n`);
    const told = await runCommand(['reencrypt', file, ...options]);
    assert.match(told.stderr, /wrong\.yaml:\d+:\d+ .*job_id.*1 to 64 letters, digits/);
    assert.doesNotMatch(told.stderr, /\[A-Za-z/);
    await writeFile(file, plan('mysql://nowhere'));
    assert.match((await runCommand(['reencrypt', file, ...options])).stderr, /neither PostgreSQL nor SQLite/);
    assert.equal((await runCommand(['reencrypt', join(shared().directory, 'none.yaml'), ...options])).code, 1);
    assert.equal((await reencrypt('--rows-per-second', '0')).code, 2);
  });
});

async function fillPatients(pki: RunningPki, { cert, key }: IssuedIdentity, file: string): Promise<void> {
  const tls = { certificatePem: cert, keyPem: key, trustedPem: pki.rootPem };
  const provider = PKIKeyProvider.at(pki.apiUrl, tls, { startSpreadMs: 0 });
  await provider.bootstrap();
  const encryption = new FieldEncryption({ keys: provider, line, tenant: 'acme' });
  const database = new DatabaseSync(file);
  database.exec('create table patients (id integer primary key, ssn blob)');
  const insert = database.prepare('insert into patients values (?, ?)');
  for (let id = 1; id <= 250; id += 1) {
    insert.run(id, encryption.encrypt({ collection: 'patients', field: 'ssn', documentId: id }, `secret ${id}`));
  }
  database.close();
  await provider.close();
}
