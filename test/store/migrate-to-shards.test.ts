import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  crlDer,
  crlShardOf,
  newestCrl,
  openStore,
  revocationsSince,
  shardEntries,
} from '../../apps/server/src/store/index.ts';
import { migrate } from '../../apps/server/src/store/migrations/index.ts';
import { connectPostgresWriter } from '../../apps/server/src/store/postgres/connect-postgres.ts';
import { connectSqliteWriter } from '../../apps/server/src/store/sqlite/connect-sqlite.ts';
import { emptyPostgresUrl, sqliteUrl } from '../support/databases.ts';
import { dayMs, issuerId, t0 } from './ledger-inputs.ts';

const shards = 4;
const serials = ['4a00000001', '4a00000002', '4a00000006'];
const crlOctets = new Uint8Array([0x30, 0x03, 1, 2, 3]);

/** A ledger as the first migration made it, with a CA, three revocations and a CRL. */
async function fillOldLedger(db: ReturnType<typeof connectSqliteWriter>): Promise<void> {
  await migrate(db, { through: '0001-initial' });
  // The types are those of today.
  const insert = (table: string, row: object) =>
    db
      .insertInto(table as never)
      .values(row as never)
      .execute();
  await insert('services', { service_id: 's', service_name: 's', created_at: t0, updated_at: t0 });
  await insert('issuers', {
    ...{ issuer_id: issuerId, subject: 'CN=x', certificate_pem: 'PEM', role: 'intermediate', serial_number: '01' },
    ...{ fingerprint_sha256: 'ff', not_before: t0, not_after: t0 + dayMs },
  });
  for (const [index, serial] of serials.entries()) {
    const place = { certificate_id: `cert_${index}`, issuer_id: issuerId, serial_number: serial };
    const times = { not_after: t0 + dayMs, revoked_at: t0 + index * dayMs, revocation_reason: 'superseded' };
    await insert('certificates', {
      ...{
        ...place,
        ...times,
        service_id: 's',
        issuer: 'CN=x',
        common_name: 's',
        spki_sha256: 'aa',
        key_type: 'P-256',
      },
      ...{ profile: 'service', not_before: t0, status: 'revoked', metadata: '{}', instance: 'i', created_at: t0 },
    });
    await insert('crl', { ...place, ...times, entry_der: new Uint8Array([0x30, index]) });
  }
  const crl = { issuer_id: issuerId, scope: 'full', this_update: t0, next_update: t0 + dayMs, sha256: 'ab' };
  for (const number of [1, 2]) await insert('published_crls', { ...crl, number, der: crlOctets });
  await db.destroy();
}

for (const [name, makeUrl, connect] of [
  ['SQLite', sqliteUrl, (url: string) => connectSqliteWriter(url.slice('sqlite:'.length))],
  ['PostgreSQL', emptyPostgresUrl, (url: string) => connectPostgresWriter(url)],
] as const) {
  test(`a ledger from before there were shards is divided, and loses nothing (${name})`, async (t: TestContext) => {
    const cleanUps: (() => unknown)[] = [];
    const url = await makeUrl({ after: (cleanUp) => cleanUps.push(cleanUp) });
    await fillOldLedger(connect(url));
    const store = await openStore({ url });
    t.after(async () => {
      await store.close();
      for (const cleanUp of cleanUps) await cleanUp();
    });
    for (let settled = 2; settled === 2; ) {
      ({ settled } = await store.ledger.submit('settleCrlShards', { issuerId, shards, limit: 2 }));
    }
    const listed = new Map<number, number[]>();
    for (let shard = 0; shard < shards; shard += 1) {
      const input = { issuerId, shard, listedFrom: t0, revision: 1000, pageSize: 10 };
      const entries = (await Array.fromAsync(shardEntries(store.read, input))).flat();
      listed.set(
        shard,
        entries.map(({ entryDer }) => entryDer[1] as number),
      );
    }
    for (const [index, serial] of serials.entries()) {
      assert.ok(listed.get(crlShardOf(serial, shards))?.includes(index), serial);
    }
    const revisions = await revocationsSince(store.read, { issuerId, revision: 0, limit: 10 });
    assert.deepEqual(
      revisions.map(({ serialNumber, revision }) => [serialNumber, revision]),
      serials.map((serial, index) => [serial, index + 1]),
    );
    const newest = await newestCrl(store.read, { issuerId });
    assert.equal(newest?.number, 2);
    assert.deepEqual(new Uint8Array((newest && (await crlDer(store.read, newest))) ?? []), crlOctets);
  });
}
