import { isOld, lookAtHeader } from './header-look.ts';
import type {
  Checkpoint,
  CheckpointStore,
  JobLease,
  QuarantinedRow,
  RecordStorage,
  RowKey,
  ScanPage,
  ScanRequest,
  Swap,
} from './storage-port.ts';

type StoredDocument = Record<string, unknown>;
type Filter = Record<string, unknown>;

/** What is used of a collection of the package `mongodb`, or of any store that speaks its filters and updates. */
export interface DocumentCollection {
  find(
    filter: Filter,
    options: { readonly sort: Record<string, 1>; readonly limit: number },
  ): {
    toArray(): Promise<StoredDocument[]>;
  };
  updateOne(
    filter: Filter,
    update: { readonly $set: StoredDocument },
    options?: { readonly upsert: boolean },
  ): Promise<{ readonly matchedCount: number; readonly upsertedCount?: number }>;
  countDocuments(): Promise<number>;
}

/** Where records stand in documents. */
export interface DocumentField {
  /** Name of the partition. */
  readonly name: string;
  readonly collection: DocumentCollection;
  /** Dotted path of the record: `contact.phone`. */
  readonly path: string;
}

export interface DocumentRecordsOptions {
  readonly fields: readonly DocumentField[];
  /** For checkpoints and the quarantine list. */
  readonly jobs: DocumentCollection;
  readonly quarantine: DocumentCollection;
  readonly now?: () => number;
}

/** Records in documents with an ordered `_id` of text or number. BSON compares no parts of binaries: headers are looked at here. */
export class DocumentRecords implements RecordStorage {
  readonly partitions: readonly string[];
  readonly checkpoint: CheckpointStore;
  readonly #fields: readonly DocumentField[];

  constructor({ fields, jobs, quarantine, now = Date.now }: DocumentRecordsOptions) {
    this.#fields = fields;
    this.partitions = fields.map(({ name }) => name);
    this.checkpoint = new DocumentCheckpoints(jobs, quarantine, now);
  }

  async scan({ partition, after, limit, target }: ScanRequest): Promise<ScanPage> {
    const { collection, path } = this.#field(partition);
    const filter = after === undefined ? {} : { _id: { $gt: after } };
    const documents = await collection.find(filter, { sort: { _id: 1 }, limit }).toArray();
    const values = documents
      .map((document) => ({ document, record: octetsOf(valueAt(document, path)) }))
      .filter(({ record }) => record !== undefined);
    return {
      scanned: documents.length,
      lastKey: documents.at(-1)?.['_id'] as RowKey | undefined,
      old: values.flatMap(({ document, record }) =>
        record instanceof Uint8Array && isOld(lookAtHeader(record), target)
          ? [{ key: document['_id'] as RowKey, record, columns: document }]
          : [],
      ),
      unrecognized: values.filter(({ record }) => !(record instanceof Uint8Array) || lookAtHeader(record) === undefined)
        .length,
    };
  }

  async compareAndSwap(partition: string, swaps: readonly Swap[]): Promise<readonly boolean[]> {
    const { collection, path } = this.#field(partition);
    const results = swaps.map(({ key, expected, replacement }) =>
      collection.updateOne({ _id: key, [path]: Buffer.from(expected) }, { $set: { [path]: Buffer.from(replacement) } }),
    );
    return (await Promise.all(results)).map(({ matchedCount }) => matchedCount === 1);
  }

  async estimateRows(partition: string): Promise<number> {
    return this.#field(partition).collection.countDocuments();
  }

  #field(partition: string): DocumentField {
    const field = this.#fields.find(({ name }) => name === partition);
    if (field === undefined) throw new RangeError(`there is no partition ${partition}`);
    return field;
  }
}

class DocumentCheckpoints implements CheckpointStore {
  readonly #jobs: DocumentCollection;
  readonly #quarantine: DocumentCollection;
  readonly #now: () => number;

  constructor(jobs: DocumentCollection, quarantine: DocumentCollection, now: () => number) {
    this.#jobs = jobs;
    this.#quarantine = quarantine;
    this.#now = now;
  }

  async take(
    jobId: string,
    holder: { readonly name: string; readonly leaseMs: number },
  ): Promise<JobLease | undefined> {
    const nowMs = this.#now();
    const [job] = await this.#jobs.find({ _id: jobId }, { sort: { _id: 1 }, limit: 1 }).toArray();
    const token = Number(job?.['fencingToken'] ?? 0);
    if (job !== undefined && job['holder'] !== holder.name && Number(job['leaseUntilMs']) > nowMs) return undefined;
    const taken = { fencingToken: token + 1, holder: holder.name, leaseUntilMs: nowMs + holder.leaseMs };
    // Of those who read the same token one finds it still there.
    const filter =
      job === undefined ? { _id: jobId, fencingToken: { $exists: false } } : { _id: jobId, fencingToken: token };
    const isNew = job === undefined;
    const { matchedCount, upsertedCount = 0 } = await this.#insertOrUpdate(filter, taken, isNew);
    if (matchedCount + upsertedCount === 0) return undefined;
    return { fencingToken: token + 1, checkpoint: (job?.['checkpoint'] ?? undefined) as Checkpoint | undefined };
  }

  async save(checkpoint: Checkpoint, lease: { fencingToken: number; leaseMs: number }): Promise<boolean> {
    const { matchedCount } = await this.#jobs.updateOne(
      { _id: checkpoint.jobId, fencingToken: lease.fencingToken },
      { $set: { checkpoint, leaseUntilMs: this.#now() + lease.leaseMs } },
    );
    return matchedCount === 1;
  }

  async release(jobId: string, fencingToken: number): Promise<void> {
    await this.#jobs.updateOne({ _id: jobId, fencingToken }, { $set: { leaseUntilMs: 0 } });
  }

  async quarantine(jobId: string, rows: readonly QuarantinedRow[]): Promise<void> {
    for (const row of rows) {
      const id = JSON.stringify([jobId, row.partition, row.key]);
      await this.#quarantine.updateOne({ _id: id }, { $set: { jobId, ...row } }, { upsert: true });
    }
  }

  async quarantined(jobId: string, limit: number): Promise<readonly QuarantinedRow[]> {
    const found = await this.#quarantine.find({ jobId }, { sort: { _id: 1 }, limit }).toArray();
    return found.map(({ partition, key, reason }) => ({
      partition: String(partition),
      key: key as RowKey,
      reason: String(reason),
    }));
  }

  async #insertOrUpdate(filter: Filter, taken: StoredDocument, isNew: boolean) {
    try {
      return await this.#jobs.updateOne(filter, { $set: taken }, { upsert: isNew });
    } catch (error) {
      // E11000: another process was faster to make it.
      if ((error as { code?: unknown }).code === 11000) return { matchedCount: 0 };
      throw error;
    }
  }
}

/** The octets of a binary of BSON or of a byte array; anything else as it is; undefined where nothing stands. */
function octetsOf(value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  if (value instanceof Uint8Array) return value;
  const { buffer, _bsontype: type } = value as { buffer?: unknown; _bsontype?: unknown };
  return type === 'Binary' && buffer instanceof Uint8Array ? buffer : value;
}

function valueAt(document: StoredDocument, path: string): unknown {
  let value: unknown = document;
  for (const name of path.split('.')) value = (value as StoredDocument | null | undefined)?.[name];
  return value;
}
