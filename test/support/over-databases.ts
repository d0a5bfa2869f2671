import { describe } from 'node:test';
import { postgresUrl } from './databases.ts';
import type { RunningPki, RunningPkiOptions } from './running-pki.ts';
import { sharedPki } from './shared-pki.ts';

/** Starts the one PKI of a suite; call it once, at the suite's beginning. */
export type StartPki = (options?: Omit<RunningPkiOptions, 'databaseUrl'>) => () => RunningPki;

/** Runs a suite over SQLite and once more over PostgreSQL. */
export function describeOverDatabases(name: string, suite: (startPki: StartPki) => void): void {
  describe(`${name} (SQLite)`, () => suite((options) => sharedPki(() => options ?? {})));
  describe(`${name} (PostgreSQL)`, () =>
    suite((options) => sharedPki(async (lifetime) => ({ ...options, databaseUrl: await postgresUrl(lifetime) }))));
}
