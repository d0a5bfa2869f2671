import type { Kysely } from 'kysely';
import type { Database } from './database.ts';
import { connectPostgresReader } from './postgres/connect-postgres.ts';
import { openPostgresStore } from './postgres/open-postgres.ts';
import { connectSqliteReader } from './sqlite/connect-sqlite.ts';
import { prepareSqliteStore } from './sqlite/open-sqlite.ts';
import type { PreparedStore, Store, StoreOptions } from './store.ts';

/**
 * Prepares the ledger for being opened: what takes its time and touches no data begins at once.
 *
 * @throws TypeError for a URL that names neither database.
 */
export function prepareStore({ url, observer = {} }: StoreOptions): PreparedStore {
  const place = parseStoreUrl(url);
  if (place.dialect === 'sqlite') return prepareSqliteStore(place.path, observer);
  return { open: () => openPostgresStore(place.url, observer), discard: async () => undefined };
}

/** Opens the ledger at once. @throws as {@link prepareStore} and its `open` do. */
export async function openStore(options: StoreOptions): Promise<Store> {
  return await prepareStore(options).open();
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
