import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { openStore, type Store, type StoreObserver } from '../../apps/server/src/store/index.ts';
import { migrate } from '../../apps/server/src/store/migrations/index.ts';
import { connectPostgresWriter, openPool } from '../../apps/server/src/store/postgres/connect-postgres.ts';
import type { Lifetime } from './lifetime.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** A store on a database of its own. */
export interface TestStore extends Store {
  /** For a second store on the same database. */
  readonly url: string;
  /** Runs SQL past the store: tampering, and questions that only a test has. */
  execute(sql: string, parameters?: readonly unknown[]): Promise<Record<string, unknown>[]>;
}

/** Opens a store on a new, empty database; both are gone after the test. */
export type OpenFresh = (observer?: StoreObserver) => Promise<TestStore>;

/** Runs one test over SQLite and once more over PostgreSQL. */
export function forEachDatabase(
  name: string,
  suite: (t: TestContext, openFresh: OpenFresh) => void | Promise<void>,
): void {
  test(`${name} (SQLite)`, (t) => suite(t, (observer = {}) => openAt(t, () => sqliteUrl(t), observer)));
  test(`${name} (PostgreSQL)`, (t) => suite(t, (observer = {}) => openAt(t, () => postgresUrl(t), observer)));
}

async function openAt(t: TestContext, makeUrl: () => Promise<string>, observer: StoreObserver): Promise<TestStore> {
  let store: Store | undefined;
  // Registered before the database's own removal: hooks run in the order of their registration.
  t.after(() => store?.close());
  const url = await makeUrl();
  store = await openStore({ url, observer });
  return { ...store, url, execute: (sql, parameters = []) => executeAt(url, sql, parameters) };
}

/** The URL of a SQLite file that is removed after the test. */
export async function sqliteUrl(t: Lifetime): Promise<string> {
  return `sqlite:${join(await temporaryDirectory(t), 'ledger.db')}`;
}

/** A database with today's schema and nothing in it; the others are copies of it, made in three quarters of the time. */
const templateDatabase = 'vcc_pki_template';

/** Makes the database that {@link postgresUrl} copies; once in a test run. */
export async function makeTemplateDatabase(server: string): Promise<void> {
  await administer(server, `create database ${templateDatabase}`);
  const db = connectPostgresWriter(urlOf(server, templateDatabase));
  try {
    await migrate(db);
  } finally {
    await db.destroy();
  }
}

/** The URL of a new PostgreSQL database with our schema that is dropped after the test, whoever is still connected. */
export function postgresUrl(t: Lifetime): Promise<string> {
  return createDatabase(t, templateDatabase);
}

/** As {@link postgresUrl}, without a schema. */
export function emptyPostgresUrl(t: Lifetime): Promise<string> {
  return createDatabase(t, 'template1');
}

async function createDatabase(t: Lifetime, template: string): Promise<string> {
  const server = process.env['VCC_PKI_TEST_POSTGRES'];
  if (server === undefined) {
    throw new Error(
      'There is no PostgreSQL: run with --test-global-setup=test/support/global-setup.ts (npm test does).',
    );
  }
  const name = `test_${randomBytes(8).toString('hex')}`;
  await administer(server, `create database ${name} template ${template}`);
  t.after(() => administer(server, `drop database ${name} with (force)`));
  return urlOf(server, name);
}

function urlOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = database;
  return url.href;
}

async function executeAt(url: string, sql: string, parameters: readonly unknown[]): Promise<Record<string, unknown>[]> {
  if (!url.startsWith('sqlite:')) return await administer(url, sql, parameters);
  const database = new DatabaseSync(url.slice('sqlite:'.length), { timeout: 5000 });
  try {
    return database.prepare(sql).all(...(parameters as SQLInputValue[]));
  } finally {
    database.close();
  }
}

async function administer(
  url: string,
  sql: string,
  parameters: readonly unknown[] = [],
): Promise<Record<string, unknown>[]> {
  const pool = openPool(url, { max: 1 });
  try {
    const { rows } = await pool.query<Record<string, unknown>>(sql, [...parameters]);
    return rows;
  } finally {
    await pool.end();
  }
}
