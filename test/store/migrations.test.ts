import assert from 'node:assert/strict';
import { test } from 'node:test';
import { migrate } from '../../apps/server/src/store/migrations/index.ts';
import { connectPostgresWriter } from '../../apps/server/src/store/postgres/connect-postgres.ts';
import { connectSqliteWriter } from '../../apps/server/src/store/sqlite/connect-sqlite.ts';
import { emptyPostgresUrl, sqliteUrl } from '../support/databases.ts';

for (const [name, makeUrl, connect] of [
  ['SQLite', sqliteUrl, (url: string) => connectSqliteWriter(url.slice('sqlite:'.length))],
  ['PostgreSQL', emptyPostgresUrl, (url: string) => connectPostgresWriter(url)],
] as const) {
  test(`a migration that fails half-way leaves the schema as it was, and can be repeated (${name})`, async (t) => {
    const cleanUps: (() => unknown)[] = [];
    const db = connect(await makeUrl({ after: (cleanUp) => cleanUps.push(cleanUp) }));
    t.after(async () => {
      await db.destroy();
      for (const cleanUp of cleanUps) await cleanUp();
    });
    await migrate(db, { through: '0005-registry' });
    const before = await tablesOf(db);
    // A stone in the way of the third table of the last migration: three migrations and two tables lie before it.
    await db.schema.createTable('kek_group_members').addColumn('stone', 'integer').execute();
    await assert.rejects(migrate(db), /could not be brought up to date/);
    assert.deepEqual(await tablesOf(db), [...before, 'kek_group_members'].sort());
    await db.schema.dropTable('kek_group_members').execute();
    await migrate(db);
    assert.ok((await tablesOf(db)).includes('kek_group_members'));
    // A server that does not know what was done to the ledger must not write to it.
    const done = { name: '9999-future', timestamp: new Date().toISOString() };
    await db
      .insertInto('kysely_migration' as never)
      .values(done as never)
      .execute();
    await assert.rejects(migrate(db), /newer server \(9999-future\): start that version/);
  });
}

async function tablesOf(db: ReturnType<typeof connectSqliteWriter>): Promise<string[]> {
  const tables = await db.introspection.getTables();
  return tables.map((table) => table.name).sort();
}
