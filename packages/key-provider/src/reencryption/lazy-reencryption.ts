import type { KekNumbers } from './header-look.ts';
import { isOld, lookAtHeader } from './header-look.ts';
import type { Rewriter } from './job-options.ts';
import type { OldRow, RecordStorage } from './storage-port.ts';

export interface LazyReEncryptionOptions {
  readonly storage: Pick<RecordStorage, 'compareAndSwap'>;
  readonly rewriter: Rewriter;
  /** The version that records are to be under; asked for at each read. */
  readonly target: () => KekNumbers | undefined;
  /** Rows that may wait; what is read beyond is left to the job. Default 1000. */
  readonly maxQueued?: number;
  /** False on replicas and while nothing may be written. Default: it is. */
  readonly isWritable?: () => boolean;
  readonly onFailure?: (error: unknown) => void;
}

/** Rows taken out of the queue at a time. */
const batchRows = 50;

/**
 * Encrypts anew what was read under an old version or epoch, behind the read and in a write of its own: rows that are used are
 * done early. It never waits, never fails a read, and drops what does not fit.
 */
export class LazyReEncryption {
  readonly #options: LazyReEncryptionOptions;
  readonly #queue = new Map<string, { readonly partition: string; readonly row: OldRow }>();
  #draining: Promise<void> | undefined;
  #dropped = 0;
  #rewritten = 0;

  constructor(options: LazyReEncryptionOptions) {
    this.#options = options;
  }

  /** Rows waiting, encrypted anew, and left to the job. */
  get counts(): { readonly queued: number; readonly rewritten: number; readonly dropped: number } {
    return { queued: this.#queue.size, rewritten: this.#rewritten, dropped: this.#dropped };
  }

  /** Tells of a row that was read. Rows under the target cost a look at their header. @returns whether it was queued */
  offer(partition: string, row: OldRow): boolean {
    const { target, maxQueued = 1_000, isWritable = () => true } = this.#options;
    const wanted = target();
    if (wanted === undefined || !this.#isDue(partition, row, wanted) || !isWritable()) return false;
    const name = `${partition}\0${typeof row.key}\0${row.key}`;
    if (this.#queue.has(name)) return false;
    if (this.#queue.size >= maxQueued) {
      this.#dropped += 1;
      return false;
    }
    this.#queue.set(name, { partition, row });
    this.#draining ??= this.#drain().finally(() => {
      this.#draining = undefined;
    });
    return true;
  }

  #isDue(partition: string, { record }: OldRow, target: KekNumbers): boolean {
    const header = lookAtHeader(record);
    if (header?.groupEpoch === undefined) return isOld(header, target);
    try {
      return isOld(header, { ...target, groupEpoch: this.#options.rewriter.groupEpoch?.(partition) });
    } catch (error) {
      // No member of the group any more: reads are not failed here.
      this.#options.onFailure?.(error);
      return false;
    }
  }

  /** Waits until the queue is empty. */
  async settled(): Promise<void> {
    await this.#draining;
  }

  /** Forgets what waits, and waits for what is under way. */
  async close(): Promise<void> {
    this.#queue.clear();
    await this.#draining;
  }

  async #drain(): Promise<void> {
    // Behind the read that offered the first row.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#queue.size > 0) {
      const [partition, rows] = this.#takeBatch();
      try {
        await this.#rewrite(partition, rows);
      } catch (error) {
        // The job will come to these rows; whoever listens learns why it is not done here.
        this.#options.onFailure?.(error);
      }
    }
  }

  #takeBatch(): [string, OldRow[]] {
    const rows: OldRow[] = [];
    let partition = '';
    for (const [name, entry] of this.#queue) {
      if (rows.length === 0) partition = entry.partition;
      if (entry.partition !== partition) continue;
      rows.push(entry.row);
      this.#queue.delete(name);
      if (rows.length === batchRows) break;
    }
    return [partition, rows];
  }

  async #rewrite(partition: string, rows: readonly OldRow[]): Promise<void> {
    const { storage, rewriter, onFailure } = this.#options;
    const results = await rewriter.rewrite(partition, rows);
    const swaps = rows.flatMap(({ key, record }, i) => {
      const result = results[i];
      if (result === undefined) return [];
      if ('replacement' in result) return [{ key, expected: record, replacement: result.replacement }];
      onFailure?.(result.error);
      return [];
    });
    const made = await storage.compareAndSwap(partition, swaps);
    this.#rewritten += made.filter(Boolean).length;
  }
}
