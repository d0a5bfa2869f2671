import { CompiledQuery, type Kysely, PostgresAdapter } from 'kysely';
import type { AuditHead } from '../../audit/index.ts';
import type { Database } from '../database.ts';
import { operations } from '../operations/index.ts';
import { prepared } from '../prepared-query.ts';
import { BatchEffects } from './batch-effects.ts';
import type { LedgerRequest, Outcome } from './ledger.ts';
import type { LedgerTransaction, Operation } from './transaction.ts';

/**
 * Runs requests one after another in one transaction and commits it.
 *
 * @throws Error when the transaction could not be carried through; then nothing of the batch is recorded.
 */
export async function runBatch(db: Kysely<Database>, batch: readonly LedgerRequest[]): Promise<Outcome[]> {
  return await db.transaction().execute(async (transaction) => {
    const head = await takeHead(transaction);
    const effects = new BatchEffects();
    const outcomes: Outcome[] = [];
    for (const request of batch) outcomes.push(await runInSavepoint(transaction, request, effects));
    await effects.write(transaction, head);
    return outcomes;
  });
}

/** In PostgreSQL it waits here until no other server of the cluster is writing. SQLite has but one writer. */
async function takeHead(db: Kysely<Database>): Promise<AuditHead> {
  const head = await (db.getExecutor().adapter instanceof PostgresAdapter ? lockHead : readHead).first(db, {});
  if (head === undefined) throw new Error('The audit chain has no head: the database is not one of ours.');
  return head;
}

const readHead = prepared((db, _: object) =>
  db.selectFrom('audit_head').select(['sequence', 'hash']).where('id', '=', 1),
);

const lockHead = prepared((db, _: object) =>
  db.selectFrom('audit_head').select(['sequence', 'hash']).where('id', '=', 1).forUpdate(),
);

const savepoint = CompiledQuery.raw('savepoint operation');
const release = CompiledQuery.raw('release savepoint operation');
const rollback = CompiledQuery.raw('rollback to savepoint operation');

async function runInSavepoint(
  db: Kysely<Database>,
  request: LedgerRequest,
  batchEffects: BatchEffects,
): Promise<Outcome> {
  const effects = new BatchEffects();
  await db.executeQuery(savepoint);
  try {
    const output = await runOperation(request, {
      db,
      audit: (event) => effects.audit(event),
      emit: (event) => effects.emit(event),
      publish: (change) => effects.publish(change),
      refresh: (serviceId, now) => effects.refresh(serviceId, now),
      file: (names) => effects.file(names),
      schedule: (rotation) => effects.schedule(rotation),
      count: (status, notAfter, change) => effects.count(status, notAfter, change),
    });
    await db.executeQuery(release);
    batchEffects.merge(effects);
    return { ok: true, output };
  } catch (error) {
    // If this fails, the transaction is gone (disk full, connection lost) and with it the batch: it rejects.
    await db.executeQuery(rollback);
    await db.executeQuery(release);
    return { ok: false, error };
  }
}

function runOperation({ name, input }: LedgerRequest, tx: LedgerTransaction): Promise<unknown> {
  // The types of name and input belong together since submit(); in between they travel as data.
  return (operations[name] as Operation<unknown, unknown>)(tx, input);
}
