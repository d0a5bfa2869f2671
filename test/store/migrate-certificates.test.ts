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
import { dayMs, issuerId, t0 } from './ledger-inputs.ts';

/** More than are taken apart at a time. */
const count = 1203;

type Writer = ReturnType<typeof connectSqliteWriter>;

/** A ledger of the version before, with certificates and, last of all, an intent and an abandoned one. */
async function fillOldLedger(db: Writer, pem: string): Promise<void> {
  await migrate(db, { through: '0009-kek-groups' });
  // The types are those of today.
  const insert = (table: string, rows: readonly object[]) =>
    db
      .insertInto(table as never)
      .values(rows as never)
      .execute();
  await insert('services', [{ service_id: 's', service_name: 's', created_at: t0, updated_at: t0 }]);
  await insert('issuers', [
    {
      ...{ issuer_id: issuerId, subject: 'CN=x', certificate_pem: 'PEM', role: 'intermediate', serial_number: '01' },
      ...{ fingerprint_sha256: 'ff', not_before: t0, not_after: t0 + dayMs },
    },
  ]);
  const row = (index: number, status: string) => ({
    ...{ certificate_id: `cert_${index}`, issuer_id: issuerId, serial_number: `4a${index}`, not_after: t0 + dayMs },
    ...{ service_id: 's', issuer: 'CN=x', common_name: 's', spki_sha256: 'aa', key_type: 'P-256', profile: 'service' },
    ...{ not_before: t0, status, metadata: '{}', instance: 'i', created_at: t0 },
  });
  const issued = Array.from({ length: count }, (_, index) => ({
    ...row(index, index % 3 === 0 ? 'revoked' : 'active'),
    pem_certificate: pem,
  }));
  for (let start = 0; start < count; start += 300) await insert('certificates', issued.slice(start, start + 300));
  await insert('certificates', [{ ...row(count, 'intent'), tbs_der: new Uint8Array([0x30, 0]) }]);
  await insert('certificates', [row(count + 1, 'abandoned')]);
  await insert(
    'rotation_schedule',
    [3, 1, 2].map((index) => ({
      ...{
        certificate_id: `cert_${index}`,
        service_id: 's',
        scheduled_renewal_date: t0 + index,
        window_end: t0 + dayMs,
      },
      ...{ status: 'pending', stage: 'reminder', due_at: t0 - index, proof: 'wanted', reminders: index },
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
    const { cert } = await selfSigned('old.vcc.local');
    await fillOldLedger(connect(url), cert);
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
      assert.equal(certificatePem(await recordOf(index)), cert);
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
