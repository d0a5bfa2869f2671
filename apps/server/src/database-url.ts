import type { PkiConfig } from './config/index.ts';

/** The URL of the ledger: `pki_server.database` is a path or the URL of a PostgreSQL. */
export function databaseUrl(config: PkiConfig): string {
  const file = databaseFile(config);
  return file === undefined ? config.pkiServer.database : `sqlite:${file}`;
}

/** The SQLite file of the ledger; `undefined` when it is a PostgreSQL. */
export function databaseFile({ pkiServer }: PkiConfig): string | undefined {
  return /^postgres(ql)?:/.test(pkiServer.database) ? undefined : pkiServer.database;
}
