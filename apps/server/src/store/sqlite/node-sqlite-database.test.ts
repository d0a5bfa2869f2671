import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { NodeSqliteDatabase } from './node-sqlite-database.ts';

test('a statement is compiled once per text, and forgotten when there are too many', () => {
  const database = new NodeSqliteDatabase(new DatabaseSync(':memory:'));
  const first = database.prepare('select 1 as one');
  assert.equal(database.prepare('select 1 as one'), first);
  for (let index = 0; index < 300; index += 1) database.prepare(`select ${index} as n`);
  assert.notEqual(database.prepare('select 1 as one'), first);
  assert.deepEqual({ ...(first.all([])[0] as object) }, { one: 1 });
  database.close();
});

test('what gives rows is told from what changes them, also when it does both', () => {
  const database = new NodeSqliteDatabase(new DatabaseSync(':memory:'));
  database.prepare('create table t (a integer, b blob)').run([]);
  const insert = database.prepare('insert into t values (?, ?)');
  assert.equal(insert.reader, false);
  assert.equal(Number(insert.run([1, new Uint8Array([7])]).changes), 1);
  const returning = database.prepare('update t set a = ? returning a, b');
  assert.equal(returning.reader, true);
  assert.deepEqual({ ...(returning.all([2])[0] as object) }, { a: 2, b: new Uint8Array([7]) });
  assert.deepEqual([...database.prepare('select a from t').iterate([])].length, 1);
  database.close();
});

test('a value that SQLite cannot hold is refused, not guessed, in every place', () => {
  const database = new NodeSqliteDatabase(new DatabaseSync(':memory:'));
  const select = database.prepare('select ? as a, ? as b');
  for (const value of [{}, [1], new Date(0)]) {
    assert.throws(() => select.all([value, 1]), TypeError);
    assert.throws(() => select.all([1, value]), TypeError);
  }
  database.close();
});
