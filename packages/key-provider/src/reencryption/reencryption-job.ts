import { keepAlive } from '../cache/keep-alive.ts';
import { systemTime, type TimeSource } from '../cache/time-source.ts';
import { KeyError, type KeyErrorCode } from '../key-error.ts';
import { lookAtHeader } from './header-look.ts';
import type { JobEvent, JobProgress, JobState, ReEncryptionJobOptions, Rewritten } from './job-options.ts';
import { PassMeter } from './pass-meter.ts';
import type { Checkpoint, JobLease, OldRow, QuarantinedRow, ScanPage, Swap } from './storage-port.ts';
import { Throttle } from './throttle.ts';

/** A checkpoint is saved after so many rows or so long, whichever is first: what is repeated after a crash. */
const checkpointRows = 1_000;
const checkpointMs = 1_000;
/** Rows encrypted and swapped at a time. */
const chunkRows = 100;
/** Consecutive scans that must find nothing old before the old version may go. */
const cleanScansWanted = 2;
/** Wait before what could not be done is tried again. */
const firstRetryMs = 200;
const longestRetryMs = 30_000;
/** Time between two questions whether all writers have taken over the target. */
const acknowledgementPollMs = 1_000;

/** It is the key or the database that is missing, not the row that is bad. */
const passing: ReadonlySet<KeyErrorCode> = new Set([
  'KEK_UNAVAILABLE',
  'KEK_STALE',
  'OFFLINE_LIMIT',
  'KEK_NOT_PRIMARY',
  'KEK_DISABLED',
]);

/** How a run ended; `blocked`: rows are left that cannot be encrypted anew, see the quarantine list. */
export type JobOutcome = 'done' | 'blocked' | 'stopped' | 'fenced';

/**
 * Encrypts under the target version whatever is under another one, and what belongs to a group under its newest epoch, while
 * everybody reads and writes.
 *
 * It goes through each partition in the order of its keys, looks at headers alone, and changes a row only if it still is
 * exactly what was read: a writer who was faster wins, and has used the target already. Its place is kept with the data
 * every second, under a token that shuts out a process which has lost the job without noticing. It is done when two scans
 * in a row, begun after all writers have taken over the target, have found nothing to do.
 */
export class ReEncryptionJob {
  readonly #options: ReEncryptionJobOptions;
  readonly #time: TimeSource;
  readonly #leaseMs: number;
  readonly #throttle: Throttle;
  readonly #meter: PassMeter;
  #state: JobState = 'waiting';
  #checkpoint: Checkpoint;
  #fencingToken = 0;
  #savedAtMs = 0;
  #rowsSinceSave = 0;
  #isStopping = false;
  #isPaused = false;
  #wake: (() => void) | undefined;

  constructor(options: ReEncryptionJobOptions) {
    this.#options = options;
    this.#time = options.time ?? systemTime;
    this.#leaseMs = options.leaseMs ?? 10_000;
    const { rowsPerSecond = 5_000, maxP99Ms = 100 } = options;
    this.#throttle = new Throttle({ time: this.#time, rowsPerSecond, maxP99Ms });
    this.#meter = new PassMeter(this.#time);
    this.#checkpoint = firstCheckpoint(options);
  }

  progress(): JobProgress {
    const { jobId, target, storage } = this.#options;
    const { pass, partition, cleanScans, counts } = this.#checkpoint;
    return {
      ...counts,
      jobId,
      state: this.#state,
      target: { lineId: target.lineId, version: target.version },
      pass,
      partition: storage.partitions[partition],
      cleanScans,
      versions: this.#meter.versions,
      rowsInPass: this.#meter.rows,
      scannedInPass: this.#meter.scanned,
      rowsPerSecond: this.#throttle.rate,
      etaMs: this.#state === 'running' ? this.#meter.etaMs() : undefined,
    };
  }

  /** Holds still after the rows at hand; keeps the job from others. */
  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#wake?.();
  }

  /** Ends the run after the rows at hand, with its place kept: {@link run} elsewhere or later goes on there. */
  stop(): void {
    this.#isStopping = true;
    this.#wake?.();
  }

  /** Works until it is done, stopped, or taken over by another process. @throws what the database throws for good */
  async run(): Promise<JobOutcome> {
    return keepAlive(() => this.#run());
  }

  async #run(): Promise<JobOutcome> {
    const lease = await this.#takeLease();
    if (lease === undefined) return this.#end('stopped');
    this.#fencingToken = lease.fencingToken;
    this.#checkpoint = this.#continueFrom(lease.checkpoint);
    try {
      const outcome = await this.#work();
      if (outcome !== 'fenced' && !(await this.#save())) return this.#end('fenced');
      await this.#options.storage.checkpoint.release(this.#options.jobId, this.#fencingToken);
      return this.#end(outcome);
    } catch (error) {
      this.#state = 'failed';
      throw error;
    }
  }

  #end(outcome: JobOutcome): JobOutcome {
    this.#state = outcome;
    this.#tell({ type: 'progress', progress: this.progress() });
    return outcome;
  }

  async #takeLease(): Promise<JobLease | undefined> {
    const { storage, jobId, holder } = this.#options;
    while (!this.#isStopping) {
      const lease = await storage.checkpoint.take(jobId, { name: holder, leaseMs: this.#leaseMs });
      if (lease !== undefined) return lease;
      await this.#sleep(Math.min(1_000, this.#leaseMs / 4));
    }
    return undefined;
  }

  /** Goes on with the same rotation, and begins anew with a later one. */
  #continueFrom(kept: Checkpoint | undefined): Checkpoint {
    const { target, jobId } = this.#options;
    if (kept === undefined || kept.epoch < target.epoch) return firstCheckpoint(this.#options);
    if (kept.epoch > target.epoch || kept.lineId !== target.lineId || kept.version !== target.version) {
      throw new RangeError(`job ${jobId} has gone on to epoch ${kept.epoch}, version ${kept.version}`);
    }
    // A job that was done is asked to look again: from the beginning, with new clean scans.
    return kept.cleanScans < cleanScansWanted ? kept : { ...firstCheckpoint(this.#options), counts: kept.counts };
  }

  async #work(): Promise<JobOutcome> {
    this.#state = 'running';
    if (!(await this.#save())) return 'fenced';
    await this.#beginPass({ isResumed: this.#checkpoint.lastKey !== undefined || this.#checkpoint.partition > 0 });
    for (;;) {
      const interruption = await this.#scanOnward();
      if (interruption !== undefined) return interruption;
      const outcome = await this.#endPass();
      if (outcome !== undefined) return outcome;
    }
  }

  async #beginPass({ isResumed }: { readonly isResumed: boolean }): Promise<void> {
    const { storage, isAcknowledged = async () => true } = this.#options;
    const sizes = await Promise.all(storage.partitions.map((partition) => storage.estimateRows(partition)));
    this.#meter.begin(sizes, this.#checkpoint.partition);
    if (!isResumed) this.#change({ isPassAcknowledged: await isAcknowledged() });
  }

  /** @returns undefined at the end of the pass */
  async #scanOnward(): Promise<JobOutcome | undefined> {
    const { storage, rewriter, target, pageRows = 1_000 } = this.#options;
    for (let index = this.#checkpoint.partition; index < storage.partitions.length; index += 1) {
      const partition = storage.partitions[index] as string;
      if (index !== this.#checkpoint.partition) this.#change({ partition: index, lastKey: undefined });
      for (;;) {
        const page = await this.#persist(() => {
          // Asked each time: an epoch may begin in the middle of a pass, and the next one then finds what lies before.
          const groupEpoch = rewriter.groupEpoch?.(partition);
          const request = { partition, after: this.#checkpoint.lastKey, limit: pageRows };
          return storage.scan({ ...request, target: { ...target, groupEpoch } });
        });
        if (page === 'stopped') return 'stopped';
        const interruption = await this.#workOn(partition, page);
        if (interruption !== undefined) return interruption;
        if (page.scanned < pageRows) break;
      }
    }
    return undefined;
  }

  async #workOn(partition: string, page: ScanPage): Promise<JobOutcome | undefined> {
    for (let start = 0; start < page.old.length; start += chunkRows) {
      const rows = page.old.slice(start, start + chunkRows);
      const done = await this.#persist(() => this.#rewriteChunk(partition, rows));
      if (done === 'stopped') return 'stopped';
      this.#change({ lastKey: rows.at(-1)?.key });
      const interruption = await this.#breathe(rows.length);
      if (interruption !== undefined) return interruption;
    }
    const { counts } = this.#checkpoint;
    this.#change({
      lastKey: page.lastKey ?? this.#checkpoint.lastKey,
      counts: {
        ...counts,
        scanned: counts.scanned + page.scanned,
        unrecognized: counts.unrecognized + page.unrecognized,
      },
    });
    this.#meter.add(page.scanned, versionsOf(page, this.#options.target.version));
    this.#rowsSinceSave += page.scanned - page.old.length;
    return this.#breathe(0);
  }

  async #rewriteChunk(partition: string, rows: readonly OldRow[]): Promise<true> {
    const { storage, rewriter, jobId } = this.#options;
    const rewritten = await rewriter.rewrite(partition, rows);
    const { swaps, poisoned } = sort(partition, rows, rewritten);
    const made = await this.#timed(() => storage.compareAndSwap(partition, swaps));
    if (poisoned.length > 0) {
      await storage.checkpoint.quarantine(jobId, poisoned);
      this.#tell({ type: 'quarantined', rows: poisoned });
    }
    const swapped = made.filter(Boolean).length;
    const { counts, oldInPass, poisonedInPass } = this.#checkpoint;
    this.#change({
      oldInPass: oldInPass + rows.length,
      poisonedInPass: poisonedInPass + poisoned.length,
      counts: {
        ...counts,
        rewritten: counts.rewritten + swapped,
        missed: counts.missed + made.length - swapped,
        quarantined: counts.quarantined + poisoned.length,
      },
    });
    return true;
  }

  /** Between two chunks: saves when it is time, holds still when told to, and waits as the throttle says. */
  async #breathe(rows: number): Promise<JobOutcome | undefined> {
    this.#rowsSinceSave += rows;
    const waitMs = rows === 0 ? 0 : this.#throttle.take(rows);
    if (this.#rowsSinceSave >= checkpointRows || this.#time.monotonic() - this.#savedAtMs >= checkpointMs) {
      this.#throttle.adjust();
      if (!(await this.#save())) return 'fenced';
    }
    if (waitMs > 0) await this.#sleep(waitMs);
    while (this.#isPaused && !this.#isStopping) {
      this.#state = 'paused';
      if (!(await this.#save())) return 'fenced';
      await this.#sleep(this.#leaseMs / 3);
    }
    this.#state = 'running';
    return this.#isStopping ? 'stopped' : undefined;
  }

  /** @returns undefined when another pass is to follow */
  async #endPass(): Promise<JobOutcome | undefined> {
    const { oldInPass, poisonedInPass, isPassAcknowledged, cleanScans, pass } = this.#checkpoint;
    const clean = oldInPass === 0 && isPassAcknowledged ? cleanScans + 1 : 0;
    this.#change({ cleanScans: clean });
    if (clean > 0) await this.#options.onCleanScan?.();
    if (clean >= cleanScansWanted) return 'done';
    if (oldInPass > 0 && oldInPass === poisonedInPass && isPassAcknowledged) return 'blocked';
    if (!(await this.#waitForWriters())) return this.#isStopping ? 'stopped' : 'fenced';
    const next = { pass: pass + 1, partition: 0, lastKey: undefined, oldInPass: 0, poisonedInPass: 0 };
    this.#change(next);
    await this.#beginPass({ isResumed: false });
    return (await this.#save()) ? undefined : 'fenced';
  }

  /** A scan that began before is worth nothing: a writer may have used the old version behind it. */
  async #waitForWriters(): Promise<boolean> {
    const { isAcknowledged } = this.#options;
    while (isAcknowledged !== undefined && !(await isAcknowledged())) {
      if (this.#isStopping || !(await this.#save())) return false;
      await this.#sleep(acknowledgementPollMs);
    }
    return !this.#isStopping;
  }

  async #save(): Promise<boolean> {
    const lease = { fencingToken: this.#fencingToken, leaseMs: this.#leaseMs };
    const isSaved = await this.#timed(() => this.#options.storage.checkpoint.save(this.#checkpoint, lease));
    this.#savedAtMs = this.#time.monotonic();
    this.#rowsSinceSave = 0;
    this.#tell({ type: 'progress', progress: this.progress() });
    return isSaved;
  }

  /** Does a thing again, after growing waits, while it fails for reasons that pass. */
  async #persist<Value>(attempt: () => Promise<Value>): Promise<Value | 'stopped'> {
    for (let failures = 0; ; failures += 1) {
      try {
        return await this.#timed(attempt);
      } catch (error) {
        if (!isPassing(error)) throw error;
        if (this.#isStopping) return 'stopped';
        const retryInMs = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(failures, 20));
        this.#state = 'waiting';
        this.#tell({ type: 'waiting', error, retryInMs });
        if (!(await this.#save())) throw error;
        await this.#sleep(retryInMs);
        this.#state = 'running';
      }
    }
  }

  async #timed<Value>(operate: () => Promise<Value>): Promise<Value> {
    const startMs = this.#time.monotonic();
    const value = await operate();
    this.#throttle.observe(this.#time.monotonic() - startMs);
    return value;
  }

  #change(changes: Partial<Checkpoint>): void {
    this.#checkpoint = { ...this.#checkpoint, ...changes };
  }

  #tell(event: JobEvent): void {
    this.#options.onEvent?.(event);
  }

  /** Ends early when it is stopped or resumed. */
  async #sleep(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const cancel = this.#time.after(ms, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
    this.#wake = undefined;
  }
}

/** Of each record that was recognized; empty columns and other lines count as the target's. */
function* versionsOf({ scanned, old, unrecognized }: ScanPage, primary: number): Generator<number> {
  for (const { record } of old) yield lookAtHeader(record)?.version ?? primary;
  for (let n = scanned - old.length - unrecognized; n > 0; n -= 1) yield primary;
}

function firstCheckpoint({ jobId, target }: ReEncryptionJobOptions): Checkpoint {
  return {
    jobId,
    ...{ lineId: target.lineId, version: target.version, epoch: target.epoch },
    ...{ pass: 1, partition: 0, lastKey: undefined },
    counts: { scanned: 0, rewritten: 0, missed: 0, quarantined: 0, unrecognized: 0 },
    ...{ oldInPass: 0, poisonedInPass: 0, isPassAcknowledged: false, cleanScans: 0 },
  };
}

function sort(
  partition: string,
  rows: readonly OldRow[],
  rewritten: readonly Rewritten[],
): { readonly swaps: Swap[]; readonly poisoned: QuarantinedRow[] } {
  const swaps: Swap[] = [];
  const poisoned: QuarantinedRow[] = [];
  for (const [i, { key, record }] of rows.entries()) {
    const result = rewritten[i];
    if (result === undefined) throw new TypeError('a rewriter answers for each row');
    if ('replacement' in result) swaps.push({ key, expected: record, replacement: result.replacement });
    else if (passing.has(result.error.code)) throw result.error;
    else poisoned.push({ partition, key, reason: result.error.code });
  }
  return { swaps, poisoned };
}

function isPassing(error: unknown): boolean {
  return error instanceof KeyError && passing.has(error.code);
}
