import { hostname } from 'node:os';
import process from 'node:process';
import { ApiConnection } from '@vcc-pki/client';
import {
  countRecords,
  FieldEncryption,
  FieldRewriter,
  type JobOutcome,
  type JobProgress,
  PKIKeyProvider,
  ReEncryptionJob,
} from '@vcc-pki/key-provider';
import { CliError } from '../cli-error.ts';
import { findConnection } from '../connection/connection.ts';
import type { CliContext } from '../context.ts';
import type { GlobalOptions } from '../global-options.ts';
import { tableText, writeDryRun, writeResult } from '../output.ts';
import { type OpenRecords, openRecords, placesOf } from './open-records.ts';
import { type ReencryptionPlan, readPlan } from './plan.ts';
import { progressDisplay } from './progress-display.ts';

/** Of `vcc-pki reencrypt`. */
export interface ReencryptOptions extends GlobalOptions {
  readonly dryRun?: true;
  readonly rowsPerSecond?: number;
  readonly settleSeconds: number;
}

interface Run {
  readonly plan: ReencryptionPlan;
  readonly options: ReencryptOptions;
  readonly context: CliContext;
  readonly provider: PKIKeyProvider;
  readonly records: OpenRecords;
}

/** Carries out a plan, or counts what it would do. @throws CliError */
export async function runReencrypt(file: string, options: ReencryptOptions, context: CliContext): Promise<void> {
  const plan = await readPlan(file);
  const { origin, trustedPem, client } = await findConnection(options, context, 'required');
  const connection = new ApiConnection({ origin, trustedPem, client, retry: { attempts: 1 } });
  const provider = PKIKeyProvider.over(connection, { startSpreadMs: 0, startTimeoutMs: 10_000 });
  const records = openRecords(plan);
  try {
    await provider.bootstrap();
    const run = { plan, options, context, provider, records };
    await (options.dryRun === true ? count(run) : reencrypt(run));
  } finally {
    await records.close();
    await provider.close();
    await connection.close();
  }
}

async function count({ plan, options, context, provider, records }: Run): Promise<void> {
  const { target } = provider.rotation(plan.line);
  const counts = await countRecords(records.storage, target.lineId);
  const columns = counts.map(({ partition, scanned, unrecognized, versions }) => ({
    ...{ column: partition, rows: scanned, unrecognized },
    versions: [...versions].map(([version, rows]) => ({
      version,
      records: rows,
      is_primary: version === target.version,
    })),
  }));
  writeDryRun(context, options, {
    json: { line: plan.line, primary_version: target.version, columns },
    text: () =>
      tableText(
        ['column', 'version', 'records', ''],
        columns.flatMap(({ column, rows, unrecognized, versions }) => [
          ...versions.map((one) => [
            column,
            String(one.version),
            String(one.records),
            one.is_primary ? 'primary' : 'old',
          ]),
          ...(unrecognized > 0 ? [[column, '-', String(unrecognized), 'no record of this format']] : []),
          ...(rows === 0 ? [[column, '-', '0', 'empty']] : []),
        ]),
      ),
  });
}

async function reencrypt(run: Run): Promise<void> {
  const { plan, options, context, provider, records } = run;
  const { line, tenant } = plan;
  const fields = Object.fromEntries(
    plan.columns.map(({ collection, field, binding = 'document' }) => [`${collection}.${field}`, { binding }]),
  );
  const encryption = new FieldEncryption({ keys: provider.forReEncryption(), line, tenant, fields });
  const display = progressDisplay(context);
  const jobId = plan.job_id ?? line;
  const job = new ReEncryptionJob({
    ...provider.rotation(line, { settleMs: options.settleSeconds * 1000 }),
    ...{ jobId, storage: records.storage, holder: `${hostname()}:${process.pid}` },
    rewriter: new FieldRewriter(encryption, placesOf(plan)),
    rowsPerSecond: options.rowsPerSecond ?? plan.rows_per_second ?? 5_000,
    ...(plan.max_p99_ms !== undefined && { maxP99Ms: plan.max_p99_ms }),
    onEvent: (event) => display.show(event),
  });
  await records.prepare();
  void context.untilStopped().then(() => job.stop());
  const outcome = await job.run().finally(() => display.end());
  await tellOutcome(run, { jobId, outcome, progress: job.progress() });
}

/** @throws CliError `interrupted`, `notReencrypted` */
async function tellOutcome(
  { plan, options, context, records }: Run,
  {
    jobId,
    outcome,
    progress,
  }: { readonly jobId: string; readonly outcome: JobOutcome; readonly progress: JobProgress },
): Promise<void> {
  const quarantine = await records.storage.checkpoint.quarantined(jobId, shownRows);
  const { scanned, rewritten, missed, quarantined, unrecognized, pass, cleanScans } = progress;
  const facts = { scanned, rewritten, missed, quarantined, unrecognized, passes: pass, clean_scans: cleanScans };
  const json = { job_id: jobId, line: plan.line, version: progress.target.version, outcome, ...facts, quarantine };
  const summary = `${rewritten} records encrypted anew, ${missed} changed by others meanwhile, ${quarantined} set aside`;
  if (outcome === 'done') {
    writeResult(context, options, {
      json,
      text: () => `Done: ${summary}. Nothing is left under an old key of ${plan.line}.`,
    });
    return;
  }
  if (outcome === 'stopped') {
    throw new CliError('interrupted', `paused: ${summary}`, {
      advice: 'The same command goes on where it was.',
      members: json,
    });
  }
  const isBlocked = outcome === 'blocked';
  throw new CliError('notReencrypted', isBlocked ? `not done: ${summary}` : 'another process has taken the job over', {
    lines: quarantine.map(({ partition, key, reason }) => `${partition} ${key}: ${reason}`),
    advice: isBlocked
      ? 'See to the rows that were set aside (docs/runbooks/rotate-a-kek.md), then run it again.'
      : 'Let the other one work, or end it first.',
    members: json,
  });
}

/** Rows of the quarantine list that are told; all of them are in the table vcc_reencryption_quarantine. */
const shownRows = 100;
