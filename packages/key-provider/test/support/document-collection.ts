import type { DocumentCollection } from '../../src/index.ts';

type StoredDocument = Record<string, unknown>;

/** Documents in memory with the filters of MongoDB that the adapter uses: equality, also of octets, $gt and $exists. */
export class MemoryCollection implements DocumentCollection {
  readonly documents = new Map<unknown, StoredDocument>();

  find(filter: StoredDocument, { limit }: { readonly limit: number }) {
    const found = [...this.documents.values()]
      .filter((document) => matches(document, filter))
      .sort((a, b) => (String(a['_id']) < String(b['_id']) ? -1 : 1))
      .slice(0, limit);
    return { toArray: async () => structuredClone(found) };
  }

  async updateOne(
    filter: StoredDocument,
    { $set }: { readonly $set: StoredDocument },
    { upsert }: { readonly upsert: boolean } = { upsert: false },
  ) {
    const stored = this.documents.get(filter['_id']);
    const document = stored !== undefined && matches(stored, filter) ? stored : undefined;
    if (document === undefined && !upsert) return { matchedCount: 0, upsertedCount: 0 };
    if (document === undefined && stored !== undefined) throw Object.assign(new Error(), { code: 11000 });
    const target = document ?? { _id: filter['_id'] };
    this.documents.set(target['_id'], target);
    for (const [path, value] of Object.entries($set)) setAt(target, path.split('.'), structuredClone(value));
    return { matchedCount: document === undefined ? 0 : 1, upsertedCount: document === undefined ? 1 : 0 };
  }

  async countDocuments(): Promise<number> {
    return this.documents.size;
  }
}

function matches(document: StoredDocument, filter: StoredDocument): boolean {
  return Object.entries(filter).every(([path, wanted]) => {
    const value = path.split('.').reduce<unknown>((at, name) => (at as StoredDocument | undefined)?.[name], document);
    if (wanted instanceof Uint8Array) return value instanceof Uint8Array && Buffer.compare(value, wanted) === 0;
    if (typeof wanted !== 'object' || wanted === null) return value === wanted;
    if ('$gt' in wanted) return String(value) > String(wanted.$gt);
    if ('$exists' in wanted) return (value !== undefined) === wanted.$exists;
    throw new TypeError(`the filter ${JSON.stringify(filter)} is not known here`);
  });
}

function setAt(document: StoredDocument, [name = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) document[name] = value;
  else {
    document[name] ??= {};
    setAt(document[name] as StoredDocument, rest, value);
  }
}
