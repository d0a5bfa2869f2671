import type { KyselyConfig } from 'kysely';
import type { StoreObserver } from './store.ts';

/** Kysely's configuration for telling an observer of every query; nothing when it does not ask. */
export function queryLog({ queried }: StoreObserver): Pick<KyselyConfig, 'log'> {
  if (queried === undefined) return {};
  return {
    log: ({ query, queryDurationMillis }) =>
      queried({ sql: query.sql, parameters: query.parameters, durationMs: queryDurationMillis }),
  };
}
