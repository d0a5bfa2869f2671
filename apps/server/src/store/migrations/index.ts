import type { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { Database } from '../database.ts';
import type { StoreObserver } from '../store.ts';
import { up as initial } from './0001-initial.ts';
import { up as crlShards } from './0002-crl-shards.ts';
import { up as rotation } from './0004-rotation.ts';
import { up as registry } from './0005-registry.ts';
import { up as webhooks } from './0006-webhooks.ts';
import { up as enrolment } from './0007-enrolment.ts';
import { up as keks } from './0008-keks.ts';
import { up as kekGroups } from './0009-kek-groups.ts';
import { up as signatures } from './0010-signatures.ts';
import { up as rotationByCertificate } from './0011-rotation-by-certificate.ts';

/** Every migration by its name, in order; a released one is never changed. */
const migrations = {
  '0001-initial': { up: initial },
  '0002-crl-shards': { up: crlShards },
  '0004-rotation': { up: rotation },
  '0005-registry': { up: registry },
  '0006-webhooks': { up: webhooks },
  '0007-enrolment': { up: enrolment },
  '0008-keks': { up: keks },
  '0009-kek-groups': { up: kekGroups },
  '0010-signatures': { up: signatures },
  '0011-rotation-by-certificate': { up: rotationByCertificate },
};

/**
 * Brings the schema up to date; several servers may call it at once.
 *
 * @param options.through the name of the last migration to be carried out: for tests of the ones behind it.
 * @param options.observer is told of what an existing ledger lacks, before it takes its time.
 *
 * @throws Error with the database's own error as `cause`, also for a ledger of a newer server; the schema is then as it
 *   was before.
 */
export async function migrate(
  db: Kysely<Database>,
  { through, observer }: { readonly through?: keyof typeof migrations; readonly observer?: StoreObserver } = {},
): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const all = await migrator.getMigrations();
  const missing = all.filter(({ executedAt }) => executedAt === undefined).map(({ name }) => name);
  if (missing.length > 0 && missing.length < all.length) observer?.migrating?.(missing);
  const { error } = await (through === undefined ? migrator.migrateToLatest() : migrator.migrateTo(through));
  if (error !== undefined) throw failureOf(error);
}

function failureOf(cause: unknown): Error {
  const [, newer] = /previously executed migration (\S+) is missing/.exec(`${cause}`) ?? [];
  if (newer === undefined) return new Error('The database schema could not be brought up to date.', { cause });
  const advice = 'start that version, or restore a backup from before it.';
  return new Error(`This ledger was brought up to date by a newer server (${newer}): ${advice}`, { cause });
}
