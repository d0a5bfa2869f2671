import type { TimeSource } from '../cache/time-source.ts';
import type { KeyError } from '../key-error.ts';
import type { KekNumbers } from './header-look.ts';
import type { JobCounts, OldRow, QuarantinedRow, RecordStorage } from './storage-port.ts';

/** What became of one row: its new record, or why there is none. */
export type Rewritten = { readonly replacement: Uint8Array } | { readonly error: KeyError };

/** Decrypts records and encrypts them under the target. {@link FieldRewriter} does it with a FieldEncryption. */
export interface Rewriter {
  rewrite(partition: string, rows: readonly OldRow[]): Promise<readonly Rewritten[]>;
  /** The newest epoch of the group that the records of a partition belong to; undefined: of none. */
  groupEpoch?(partition: string): number | undefined;
}

/** Which version everything is to be under. */
export interface JobTarget extends KekNumbers {
  /** Epoch of the promotion. */
  readonly epoch: number;
}

export type JobState = 'waiting' | 'running' | 'paused' | 'done' | 'blocked' | 'stopped' | 'fenced' | 'failed';

export type JobEvent =
  | { readonly type: 'progress'; readonly progress: JobProgress }
  | { readonly type: 'quarantined'; readonly rows: readonly QuarantinedRow[] }
  /** Keys or database are not to be had just now; the job waits and tries again. */
  | { readonly type: 'waiting'; readonly error: unknown; readonly retryInMs: number };

export interface ReEncryptionJobOptions {
  /** Jobs of the same id follow one another; of two processes with the same id one works. */
  readonly jobId: string;
  readonly storage: RecordStorage;
  readonly rewriter: Rewriter;
  readonly target: JobTarget;
  /** Names this process among those that run the job. */
  readonly holder: string;
  readonly time?: TimeSource;
  /** Without a sign of life for this long another process may go on. Default 10 s. */
  readonly leaseMs?: number;
  /** Rows of one look. Default 1000. */
  readonly pageRows?: number;
  /** Default 5000. */
  readonly rowsPerSecond?: number;
  /** See {@link Throttle}. Default 100 ms. */
  readonly maxP99Ms?: number;
  /** Whether all writers encrypt under the target; scans count as clean only after that. Default: they do. */
  readonly isAcknowledged?: () => Promise<boolean>;
  /** Told, and waited for, when a scan over everything that began after the acknowledgement has found nothing old. */
  readonly onCleanScan?: () => Promise<void>;
  readonly onEvent?: (event: JobEvent) => void;
}

export interface JobProgress extends JobCounts {
  readonly jobId: string;
  readonly state: JobState;
  readonly target: KekNumbers;
  readonly pass: number;
  readonly partition: string | undefined;
  readonly cleanScans: number;
  /** Records by version as this pass found them, in this process; those of the target's version are all others that were recognized. */
  readonly versions: ReadonlyMap<number, number>;
  /** Rows of this pass, about, and how many were looked at. */
  readonly rowsInPass: number;
  readonly scannedInPass: number;
  readonly rowsPerSecond: number;
  /** To the end of this pass; undefined while nothing is known. */
  readonly etaMs: number | undefined;
}
