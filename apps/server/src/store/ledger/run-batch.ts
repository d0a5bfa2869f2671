import { PkiError } from '@vcc-pki/api/without-schemas';
import { CompiledQuery, type Kysely, PostgresAdapter } from 'kysely';
import type { AuditHead } from '../../audit/index.ts';
import type { Database } from '../database.ts';
import { connectDirectly, executeQuery } from '../direct-connection.ts';
import { operations } from '../operations/index.ts';
import { prepared } from '../prepared-query.ts';
import { BatchEffects } from './batch-effects.ts';
import type { LedgerRequest, Outcome } from './ledger.ts';
import type { LedgerTransaction, Operation } from './transaction.ts';

/** After a refusal so many batches can undo one operation alone; refusals seldom come alone. */
const carefulBatches = 32;

/** Runs batches of one database, each in one transaction. */
export class BatchRunner {
  readonly #db: Kysely<Database>;
  readonly #isWatched: boolean;
  #carefulLeft = 0;

  /** @param options.watched whether somebody wants to hear of every query. */
  constructor(db: Kysely<Database>, { watched = false }: { readonly watched?: boolean } = {}) {
    this.#db = db;
    this.#isWatched = watched;
  }

  /**
   * Runs requests one after another in one transaction and commits it.
   *
   * A savepoint per operation costs an eighth of the ledger's time and hardly ever undoes anything: without, the whole
   * batch is undone when an operation refuses, and run again with them.
   *
   * @throws Error when the transaction could not be carried through; then nothing of the batch is recorded.
   */
  async run(batch: readonly LedgerRequest[]): Promise<Outcome[]> {
    if (this.#carefulLeft > 0) {
      this.#carefulLeft -= 1;
      return await this.#transact(batch, runInSavepoint);
    }
    try {
      return await this.#transact(batch, runOrThrow);
    } catch (error) {
      if (!(error instanceof OperationFailed)) throw error;
      // It was alone and is undone. What is no refusal may be a lost database: the second run tells.
      if (batch.length === 1 && error.cause instanceof PkiError) return [{ ok: false, error: error.cause }];
      this.#carefulLeft = carefulBatches;
      return await this.#transact(batch, runInSavepoint);
    }
  }

  async #transact(batch: readonly LedgerRequest[], runOne: RunOne): Promise<Outcome[]> {
    return await this.#db.transaction().execute(async (transaction) => {
      if (!this.#isWatched) await connectDirectly(transaction);
      const head = await takeHead(transaction);
      const effects = new BatchEffects();
      const outcomes: Outcome[] = [];
      for (const request of batch) outcomes.push(await runOne(transaction, request, effects));
      await effects.write(transaction, head);
      return outcomes;
    });
  }
}

/** Runs one operation; what it collects is added to the effects of its batch. */
type RunOne = (db: Kysely<Database>, request: LedgerRequest, batchEffects: BatchEffects) => Promise<Outcome>;

/** Its cause is what the operation threw. */
class OperationFailed extends Error {}

const runOrThrow: RunOne = async (db, request, batchEffects) => {
  try {
    return { ok: true, output: await runOperation(request, transactionOf(db, batchEffects)) };
  } catch (cause) {
    throw new OperationFailed('an operation of the batch failed', { cause });
  }
};

const savepoint = CompiledQuery.raw('savepoint operation');
const release = CompiledQuery.raw('release savepoint operation');
const rollback = CompiledQuery.raw('rollback to savepoint operation');

const runInSavepoint: RunOne = async (db, request, batchEffects) => {
  const effects = new BatchEffects();
  await executeQuery(db, savepoint);
  try {
    const output = await runOperation(request, transactionOf(db, effects));
    await executeQuery(db, release);
    batchEffects.merge(effects);
    return { ok: true, output };
  } catch (error) {
    // If this fails, the transaction is gone (disk full, connection lost) and with it the batch: it rejects.
    await executeQuery(db, rollback);
    await executeQuery(db, release);
    return { ok: false, error };
  }
};

function runOperation({ name, input }: LedgerRequest, tx: LedgerTransaction): Promise<unknown> {
  // The types of name and input belong together since submit(); in between they travel as data.
  return (operations[name] as Operation<unknown, unknown>)(tx, input);
}

function transactionOf(db: Kysely<Database>, effects: BatchEffects): LedgerTransaction {
  return {
    db,
    audit: (event) => effects.audit(event),
    emit: (event) => effects.emit(event),
    publish: (change) => effects.publish(change),
    refresh: (serviceId, now) => effects.refresh(serviceId, now),
    file: (names) => effects.file(names),
    schedule: (rotation) => effects.schedule(rotation),
    count: (status, notAfter, change) => effects.count(status, notAfter, change),
  };
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
