import type { KekNumbers, KeyNumbers } from './header-look.ts';

/** What a row is found by; whole numbers beyond 2^53 and other types as text. */
export type RowKey = string | number;

/** A row whose record was made with another version than the target's, or with the key of an older epoch of its group. */
export interface OldRow {
  readonly key: RowKey;
  readonly record: Uint8Array;
  /** Further columns of the row, for what the record is bound to: document, row version. */
  readonly columns: Readonly<Record<string, unknown>>;
}

export interface ScanRequest {
  readonly partition: string;
  /** Rows behind this key; undefined: from the first. */
  readonly after: RowKey | undefined;
  /** Rows looked at, old or not. */
  readonly limit: number;
  /** With the newest epoch where the records of the partition belong to a group. */
  readonly target: KeyNumbers;
}

/** A stretch of a partition, in the order of its keys. */
export interface ScanPage {
  /** Rows looked at; fewer than the limit: it was the last stretch. */
  readonly scanned: number;
  readonly lastKey: RowKey | undefined;
  readonly old: readonly OldRow[];
  /** Values that are no record of this format: plaintext, another format. */
  readonly unrecognized: number;
}

/** One row to be changed, if its record is still exactly the expected one. */
export interface Swap {
  readonly key: RowKey;
  readonly expected: Uint8Array;
  readonly replacement: Uint8Array;
}

/** How far a job has come; kept with the data, so that another process can go on. */
export interface Checkpoint extends KekNumbers {
  readonly jobId: string;
  /** Of the promotion: a job of a later rotation begins anew, one of an earlier is refused. */
  readonly epoch: number;
  /** Counts the scans over all partitions, from 1. */
  readonly pass: number;
  /** Index of the partition that is being scanned. */
  readonly partition: number;
  readonly lastKey: RowKey | undefined;
  readonly counts: JobCounts;
  /** Old rows seen in this pass. */
  readonly oldInPass: number;
  /** Old rows of this pass that could not be changed and never will be. */
  readonly poisonedInPass: number;
  /** Whether all writers had taken over the target when this pass began. */
  readonly isPassAcknowledged: boolean;
  /** Passes in a row that found nothing old. */
  readonly cleanScans: number;
}

/** Over the whole life of a job. */
export interface JobCounts {
  readonly scanned: number;
  readonly rewritten: number;
  /** Rows that somebody else had changed or removed before the swap. */
  readonly missed: number;
  readonly quarantined: number;
  readonly unrecognized: number;
}

/** A row that cannot be encrypted anew, and why. */
export interface QuarantinedRow {
  readonly partition: string;
  readonly key: RowKey;
  /** A code of `keyErrors`. */
  readonly reason: string;
}

/** The right to work on a job, until it ends or somebody else takes it. */
export interface JobLease {
  /** Grows with each holder: what a former holder saves is refused. */
  readonly fencingToken: number;
  /** Where the former holder stopped. */
  readonly checkpoint: Checkpoint | undefined;
}

/** Checkpoints, leases and the quarantine list of jobs, in the same database as the data. */
export interface CheckpointStore {
  /** Takes the job when nobody holds it, when the lease has run out, or when the same holder had it; else undefined. */
  take(jobId: string, holder: { readonly name: string; readonly leaseMs: number }): Promise<JobLease | undefined>;
  /** Saves and prolongs the lease. @returns false when somebody else has taken the job */
  save(checkpoint: Checkpoint, lease: { readonly fencingToken: number; readonly leaseMs: number }): Promise<boolean>;
  /** Lets somebody else go on at once. */
  release(jobId: string, fencingToken: number): Promise<void>;
  quarantine(jobId: string, rows: readonly QuarantinedRow[]): Promise<void>;
  /** The first rows of the list, at most `limit`. */
  quarantined(jobId: string, limit: number): Promise<readonly QuarantinedRow[]>;
}

/** What the job needs of a database. Adapters: {@link PostgresRecords}, {@link SqliteRecords}, {@link DocumentRecords}. */
export interface RecordStorage {
  /** Names of the columns of records that are scanned one after another. */
  readonly partitions: readonly string[];
  scan(request: ScanRequest): Promise<ScanPage>;
  /** @returns for each swap whether it was made */
  compareAndSwap(partition: string, swaps: readonly Swap[]): Promise<readonly boolean[]>;
  readonly checkpoint: CheckpointStore;
  /** About how many rows there are, to say how long it will take. */
  estimateRows(partition: string): Promise<number>;
}
