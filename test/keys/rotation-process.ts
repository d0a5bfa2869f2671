/**
 * The re-encryption of test/keys/rotation-under-load.ts in a process of its own, to be killed.
 *
 * @module
 */
import { FieldEncryption, FieldRewriter, PostgresRecords, ReEncryptionJob } from '@vcc-pki/key-provider';
import { openPool } from '../../apps/server/src/store/postgres/connect-postgres.ts';
import { type RotationPlan, records, TwoKeks } from './two-keks.ts';

const plan = JSON.parse(process.argv[2] as string) as RotationPlan;
const pool = openPool(plan.url, { max: 2 });
const storage = new PostgresRecords(pool, [records]);
await storage.prepare();
const keys = new TwoKeks();
keys.primaryVersion = 2;
const encryption = new FieldEncryption({ keys, line: keys.line, tenant: 'acme' });
const job = new ReEncryptionJob({
  jobId: 'rotation',
  storage,
  rewriter: new FieldRewriter(encryption, {
    [records.name]: { collection: 'patients', field: 'ssn', documentId: ({ key }) => Number(key) },
  }),
  target: { lineId: keys.lineId, version: 2, epoch: 2 },
  // The one that comes after a kill takes over at once.
  holder: 'rotation',
  leaseMs: plan.leaseMs,
  rowsPerSecond: plan.rowsPerSecond,
  maxP99Ms: 1_000,
  onEvent: (event) => event.type === 'progress' && process.send?.(event.progress),
});
process.send?.('ready');
const outcome = await job.run();
await pool.end();
process.send?.({ outcome, ...job.progress() }, () => process.exit());
