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
import { insertOld, insertOldParents, oldCertificate } from './old-ledger.ts';

const shards = 4;
const serials = ['4a00000001', '4a00000002', '4a00000006'];
const crlOctets = new Uint8Array([0x30, 0x03, 1, 2, 3]);

/** A ledger as the first migration made it, with a CA, three revocations and a CRL. */
async function fillOldLedger(db: ReturnType<typeof connectSqliteWriter>): Promise<void> {
  await migrate(db, { through: '0001-initial' });
  await insertOldParents(db);
  for (const [index, serial] of serials.entries()) {
    const revoked = { revoked_at: t0 + index * dayMs, revocation_reason: 'superseded' };
    const certificate = oldCertificate(index, { status: 'revoked', serial_number: serial });
    await insertOld(db, 'certificates', [{ ...certificate, ...revoked }]);
    const { certificate_id, issuer_id, serial_number, not_after } = certificate;
    const place = { certificate_id, issuer_id, serial_number, not_after };
    await insertOld(db, 'crl', [{ ...place, ...revoked, entry_der: new Uint8Array([0x30, index]) }]);
  }
  const crl = { issuer_id: issuerId, scope: 'full', this_update: t0, next_update: t0 + dayMs, sha256: 'ab' };
  await insertOld(
    db,
    'published_crls',
    [1, 2].map((number) => ({ ...crl, number, der: crlOctets })),
  );
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
