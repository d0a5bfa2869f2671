import type { Kysely } from 'kysely';
import type { Database } from './database.ts';
import { connectPostgresReader } from './postgres/connect-postgres.ts';
import { openPostgresStore } from './postgres/open-postgres.ts';
import { connectSqliteReader } from './sqlite/connect-sqlite.ts';
import { openSqliteStore } from './sqlite/open-sqlite.ts';
import type { Store, StoreOptions } from './store.ts';

/**
 * Opens the ledger and brings its schema up to date.
 *
 * One process at a time writes to a SQLite file; a second one is refused here.
 *
 * @throws TypeError for a URL that names neither database; Error when it cannot be opened, is in use, or its schema
 *   cannot be brought up to date.
 */
export async function openStore({ url, observer = {} }: StoreOptions): Promise<Store> {
  const place = parseStoreUrl(url);
  return place.dialect === 'sqlite'
    ? await openSqliteStore(place.path, observer)
    : await openPostgresStore(place.url, observer);
}

/** A ledger opened for queries only; call `destroy()` on it at the end. */
export type StoreReader = Kysely<Database>;

/** Opens a ledger for queries only, while a server writes to it or not: `audit verify` without a server. */
export function openStoreReader(url: string): StoreReader {
  const place = parseStoreUrl(url);
  return place.dialect === 'sqlite' ? connectSqliteReader(place.path) : connectPostgresReader(place.url);
}

type StorePlace =
  | { readonly dialect: 'sqlite'; readonly path: string }
  | { readonly dialect: 'postgres'; readonly url: string };

function parseStoreUrl(url: string): StorePlace {
  if (/^postgres(ql)?:\/\//.test(url)) return { dialect: 'postgres', url };
  const path = /^sqlite:(.+)$/.exec(url)?.[1];
  if (path !== undefined) return { dialect: 'sqlite', path };
  throw new TypeError('A database URL begins with sqlite: or postgres://.');
}
