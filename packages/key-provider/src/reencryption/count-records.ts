import { lookAtHeader } from './header-look.ts';
import type { RecordStorage, RowKey } from './storage-port.ts';

/** What a partition holds. */
export interface RecordCount {
  readonly partition: string;
  readonly scanned: number;
  readonly unrecognized: number;
  /** Records of the line by the version that they are under. */
  readonly versions: ReadonlyMap<number, number>;
}

/** No key has it: every record of the line is under another one. */
const noVersion = 0;
const pageRows = 1_000;

/** Counts the records of a line by version, by their headers alone; changes nothing. */
export async function countRecords(storage: RecordStorage, lineId: number): Promise<RecordCount[]> {
  const counts: RecordCount[] = [];
  for (const partition of storage.partitions) {
    const versions = new Map<number, number>();
    let scanned = 0;
    let unrecognized = 0;
    for (let after: RowKey | undefined; ; ) {
      const target = { lineId, version: noVersion };
      const page = await storage.scan({ partition, after, limit: pageRows, target });
      scanned += page.scanned;
      unrecognized += page.unrecognized;
      for (const { record } of page.old) {
        const version = lookAtHeader(record)?.version ?? noVersion;
        versions.set(version, (versions.get(version) ?? 0) + 1);
      }
      if (page.scanned < pageRows) break;
      after = page.lastKey;
    }
    counts.push({ partition, scanned, unrecognized, versions });
  }
  return counts;
}
