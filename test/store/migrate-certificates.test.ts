import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  certificateById,
  certificateDer,
  certificatePem,
  dueRotations,
  openStore,
  renewalCounts,
} from '../../apps/server/src/store/index.ts';
import { migrate } from '../../apps/server/src/store/migrations/index.ts';
import { connectPostgresWriter } from '../../apps/server/src/store/postgres/connect-postgres.ts';
import { connectSqliteWriter } from '../../apps/server/src/store/sqlite/connect-sqlite.ts';
import { selfSigned } from '../client/support/self-signed.ts';
import { emptyPostgresUrl, sqliteUrl } from '../support/databases.ts';
import { dayMs, t0 } from './ledger-inputs.ts';
import { insertOld, insertOldParents, oldCertificate } from './old-ledger.ts';

/** More than are taken apart at a time. */
const count = 1203;

type Writer = ReturnType<typeof connectSqliteWriter>;

/** A ledger of the version before, with certificates by turns and, last of all, an intent and an abandoned one. */
async function fillOldLedger(db: Writer, pems: readonly string[]): Promise<void> {
  await migrate(db, { through: '0009-kek-groups' });
  await insertOldParents(db);
  const row = (index: number, status: string) => oldCertificate(index, { status, serial_number: `4a${index}` });
  const issued = Array.from({ length: count }, (_, index) => ({
    ...row(index, index % 3 === 0 ? 'revoked' : 'active'),
    pem_certificate: pems[index % pems.length],
  }));
  for (let start = 0; start < count; start += 300) {
    await insertOld(db, 'certificates', issued.slice(start, start + 300));
  }
  await insertOld(db, 'certificates', [{ ...row(count, 'intent'), tbs_der: new Uint8Array([0x30, 0]) }]);
  await insertOld(db, 'certificates', [row(count + 1, 'abandoned')]);
  const pending = { service_id: 's', window_end: t0 + dayMs, status: 'pending', stage: 'reminder', proof: 'wanted' };
  await insertOld(
    db,
    'rotation_schedule',
    [3, 1, 2].map((index) => ({
      ...pending,
      ...{ certificate_id: `cert_${index}`, scheduled_renewal_date: t0 + index, due_at: t0 - index, reminders: index },
    })),
  );
  await db.destroy();
}

for (const [name, makeUrl, connect] of [
  ['SQLite', sqliteUrl, (url: string) => connectSqliteWriter(url.slice('sqlite:'.length))],
  ['PostgreSQL', emptyPostgresUrl, (url: string) => connectPostgresWriter(url)],
] as const) {
  test(`certificates that were kept in PEM come back octet for octet, and their schedule (${name})`, async (t) => {
    const cleanUps: (() => unknown)[] = [];
    const url = await makeUrl({ after: (cleanUp) => cleanUps.push(cleanUp) });
    // Each of a length of its own, so that none passes for another.
    const names = Array.from({ length: 7 }, (_, index) => `${'o'.repeat(index + 1)}ld.vcc.local`);
    const pems = (await Promise.all(names.map(selfSigned))).map(({ cert }) => cert);
    await fillOldLedger(connect(url), pems);
    const told: (readonly string[])[] = [];
    const store = await openStore({ url, observer: { migrating: (missing) => told.push(missing) } });
    t.after(async () => {
      await store.close();
      for (const cleanUp of cleanUps) await cleanUp();
    });
    assert.deepEqual(told, [['0010-signatures', '0011-rotation-by-certificate']]);
    const recordOf = async (index: number) => {
      const record = await certificateById(store.read, `cert_${index}`);
      assert.ok(record);
      return record;
    };
    for (let index = 0; index < count; index += 1) {
      assert.equal(certificatePem(await recordOf(index)), pems[index % pems.length]);
    }
    const intent = await recordOf(count);
    assert.deepEqual(new Uint8Array(intent.tbsDer ?? []), new Uint8Array([0x30, 0]));
    assert.equal(certificateDer(intent), undefined);
    assert.equal(certificateDer(await recordOf(count + 1)), undefined);
    const due = await dueRotations.all(store.read, { now: t0, limit: 10 });
    assert.deepEqual(
      due.map(({ certificateId, dueAt, stage, reminders }) => [certificateId, dueAt, stage, reminders]),
      [3, 2, 1].map((index) => [`cert_${index}`, t0 - index, 'reminder', index]),
    );
    assert.equal((await renewalCounts(store.read, t0)).unproven, 3);
  });
}
