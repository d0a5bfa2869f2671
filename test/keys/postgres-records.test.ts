import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PostgresRecords, type RecordColumn } from '@vcc-pki/key-provider';
import type { Pool } from 'pg';
import { openPool } from '../../apps/server/src/store/postgres/connect-postgres.ts';
import { postgresUrl } from '../support/databases.ts';
import type { Lifetime } from '../support/lifetime.ts';

const target = { lineId: 7, version: 2 };

/** A header of a record and something behind it. */
function record(version: number, { lineId = 7, text = 'x' } = {}): Buffer {
  const header = Buffer.from([0xfa, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(lineId, 4);
  header.writeUInt32BE(version, 8);
  return Buffer.concat([header, Buffer.from(text)]);
}

async function open(t: Lifetime): Promise<Pool> {
  let pool: Pool | undefined;
  t.after(() => pool?.end());
  pool = openPool(await postgresUrl(t), { max: 2 });
  return pool;
}

/** The same of a group. */
function groupRecord(version: number, epoch: number): Buffer {
  const octets = record(version, { text: '....' });
  octets.writeUInt8(0x05, 3);
  octets.writeUInt32BE(epoch, 12);
  return octets;
}

test('finds records of older epochs of a group, and takes nobody else for one', async (t) => {
  const pool = await open(t);
  await pool.query('create table groups (id integer primary key, note bytea)');
  const cut = groupRecord(2, 1).subarray(0, 14);
  const notes = [groupRecord(2, 4), groupRecord(2, 3), groupRecord(1, 4), groupRecord(2, 5), record(2), cut];
  for (const [n, note] of notes.entries()) await pool.query('insert into groups values ($1, $2)', [n, note]);
  const storage = new PostgresRecords(pool, [
    { name: 'notes', table: 'groups', keyColumn: 'id', recordColumn: 'note' },
  ]);
  const request = { partition: 'notes', after: undefined, limit: 10 };
  const found = async (groupEpoch?: number) =>
    (await storage.scan({ ...request, target: { ...target, groupEpoch } })).old.map(({ key }) => key);
  assert.deepEqual(await found(4), [1, 2]);
  assert.deepEqual(await found(5), [0, 1, 2]);
  assert.deepEqual(await found(), [2]);
});

test('finds old records by their headers alone, in the order of a text key, and swaps what is still the same', async (t) => {
  const pool = await open(t);
  await pool.query('create schema health');
  await pool.query('create table health."Patients" (id uuid primary key, note bytea, owner text)');
  const id = (n: number): string => `00000000-0000-4000-8000-00000000000${n}`;
  const rows = [record(1), record(2), null, record(1, { lineId: 8 }), Buffer.from('plain'), record(3), record(1)];
  for (const [n, note] of rows.entries()) {
    await pool.query('insert into health."Patients" values ($1, $2, $3)', [id(n), note, `owner ${n}`]);
  }
  const column: RecordColumn = {
    ...{ name: 'notes', table: 'health.Patients', keyColumn: 'id', recordColumn: 'note', columns: ['owner'] },
  };
  const storage = new PostgresRecords(pool, [column]);
  const first = await storage.scan({ partition: 'notes', after: undefined, limit: 6, target });
  assert.deepEqual([first.scanned, first.unrecognized, first.lastKey], [6, 1, id(5)]);
  assert.deepEqual(
    first.old.map(({ key, columns }) => [key, columns]),
    [
      [id(0), { owner: 'owner 0' }],
      [id(5), { owner: 'owner 5' }],
    ],
  );
  const second = await storage.scan({ partition: 'notes', after: first.lastKey, limit: 6, target });
  assert.deepEqual([second.scanned, second.old.map(({ key }) => key)], [1, [id(6)]]);
  const empty = await storage.scan({ partition: 'notes', after: id(6), limit: 6, target });
  assert.deepEqual([empty.scanned, empty.lastKey, empty.old], [0, undefined, []]);
  await pool.query('update health."Patients" set note = $2 where id = $1', [id(5), record(2, { text: 'newer' })]);
  const made = await storage.compareAndSwap('notes', [
    { key: id(0), expected: record(1), replacement: record(2, { text: 'anew' }) },
    { key: id(5), expected: record(3), replacement: record(2, { text: 'anew' }) },
    { key: id(9), expected: record(1), replacement: record(2) },
  ]);
  assert.deepEqual(made, [true, false, false]);
  const { rows: after } = await pool.query('select note from health."Patients" where id = $1', [id(5)]);
  assert.deepEqual(after[0].note, record(2, { text: 'newer' }));
  assert.equal(await storage.estimateRows('notes'), 7);
});

test('leases, places and quarantine are kept by the clock of the database', async (t) => {
  const pool = await open(t);
  const { checkpoint } = await prepared(pool);
  const take = (name: string, leaseMs = 60_000) => checkpoint.take('job', { name, leaseMs });
  assert.deepEqual(await take('one'), { fencingToken: 1, checkpoint: undefined });
  assert.equal(await take('two'), undefined);
  const place = {
    ...{ jobId: 'job', ...target, epoch: 5, pass: 2, partition: 1, lastKey: '42', oldInPass: 3, poisonedInPass: 1 },
    counts: { scanned: 10, rewritten: 7, missed: 2, quarantined: 1, unrecognized: 4 },
    ...{ isPassAcknowledged: true, cleanScans: 1 },
  };
  assert.equal(await checkpoint.save(place, { fencingToken: 1, leaseMs: 0 }), true);
  assert.deepEqual(await take('two'), { fencingToken: 2, checkpoint: place });
  assert.equal(await checkpoint.save(place, { fencingToken: 1, leaseMs: 1 }), false);
  const bad = { partition: 'notes', key: 7, reason: 'TAMPERED' };
  await checkpoint.quarantine('job', [bad]);
  await checkpoint.quarantine('job', [{ ...bad, reason: 'WRONG_KEY' }]);
  assert.deepEqual(await checkpoint.quarantined('job', 10), [{ ...bad, reason: 'WRONG_KEY' }]);
  await checkpoint.release('job', 2);
  assert.equal((await take('one'))?.fencingToken, 3);
});

test('names are quoted: none of them becomes a statement', async (t) => {
  const pool = await open(t);
  await pool.query('create table "a""b; drop table c" (id int primary key, note bytea)');
  const column = { name: 'n', table: 'a"b; drop table c', keyColumn: 'id', recordColumn: 'note' };
  const page = await new PostgresRecords(pool, [column]).scan({ partition: 'n', after: undefined, limit: 1, target });
  assert.equal(page.scanned, 0);
});

async function prepared(pool: Pool): Promise<PostgresRecords> {
  const storage = new PostgresRecords(pool, []);
  await storage.prepare();
  await storage.prepare();
  return storage;
}
