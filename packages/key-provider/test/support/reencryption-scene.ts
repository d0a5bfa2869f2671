import { DatabaseSync } from 'node:sqlite';
import {
  DocumentRecords,
  FieldRewriter,
  type JobEvent,
  type RecordStorage,
  ReEncryptionJob,
  type ReEncryptionJobOptions,
  SqliteRecords,
} from '../../src/index.ts';
import { MemoryCollection } from './document-collection.ts';
import { TwoVersions } from './two-versions.ts';

/** A store of patients with their records, by whatever adapter. */
export interface RecordScene {
  readonly storage: RecordStorage;
  put(key: string, record: Uint8Array): void;
  get(key: string): Uint8Array;
  /** The scene as another process sees it. */
  readonly keys: TwoVersions;
}

const partition = 'patients.ssn';

export async function sqliteScene(): Promise<RecordScene> {
  const database = new DatabaseSync(':memory:');
  database.exec('create table patients (id text primary key, ssn blob)');
  const storage = new SqliteRecords(database, [
    { name: partition, table: 'patients', keyColumn: 'id', recordColumn: 'ssn' },
  ]);
  await storage.prepare();
  const put = database.prepare('insert into patients values (?, ?) on conflict (id) do update set ssn = excluded.ssn');
  const get = database.prepare('select ssn from patients where id = ?');
  return {
    storage,
    keys: new TwoVersions(),
    put: (key, record) => void put.run(key, record),
    get: (key) => (get.get(key) as { ssn: Uint8Array }).ssn,
  };
}

export async function documentScene(): Promise<RecordScene> {
  const collection = new MemoryCollection();
  const storage = new DocumentRecords({
    fields: [{ name: partition, collection, path: 'secret.ssn' }],
    jobs: new MemoryCollection(),
    quarantine: new MemoryCollection(),
  });
  return {
    storage,
    keys: new TwoVersions(),
    put: (key, record) => void collection.documents.set(key, { _id: key, secret: { ssn: record } }),
    get: (key) => (collection.documents.get(key) as { secret: { ssn: Uint8Array } }).secret.ssn,
  };
}

export const place = (documentId: string) => ({ collection: 'patients', field: 'ssn', documentId });

/** Fills the scene with rows under version 1 and makes 2 the primary. */
export function fill({ keys, put }: RecordScene, rows: number): string[] {
  const names = Array.from({ length: rows }, (_, i) => `p${String(i).padStart(6, '0')}`);
  const encryption = keys.encryption();
  keys.primaryVersion = 1;
  for (const name of names) put(name, encryption.encrypt(place(name), `secret of ${name}`));
  keys.primaryVersion = 2;
  return names;
}

/** A job over a scene, and what it told. */
export function jobOver(
  { storage, keys }: RecordScene,
  options: Partial<ReEncryptionJobOptions> = {},
): { readonly job: ReEncryptionJob; readonly events: JobEvent[] } {
  const events: JobEvent[] = [];
  const rewriter = new FieldRewriter(keys.encryption(), {
    [partition]: { collection: 'patients', field: 'ssn', documentId: ({ key }) => key },
  });
  const job = new ReEncryptionJob({
    jobId: 'job',
    storage,
    rewriter,
    target: { lineId: keys.lineId, version: 2, epoch: 2 },
    holder: 'one',
    rowsPerSecond: 1e6,
    onEvent: (event) => events.push(event),
    ...options,
  });
  return { job, events };
}

export function versionOf(record: Uint8Array): number {
  return new DataView(record.buffer, record.byteOffset).getUint32(8);
}
