import type { RecordId } from '../ciphertext/context.ts';
import { isRecord, isRecordText } from '../ciphertext/is-record.ts';
import { KeyError } from '../key-error.ts';
import type { BlindIndex, BlindIndexOptions, IndexedValue } from './blind-index.ts';
import { type PathStep, type Slot, setAt, slotsAt, valueAt } from './document-path.ts';
import { type DocumentSchema, type ParsedField, type ParsedSchema, parseSchema } from './document-schema.ts';
import {
  asItemError,
  type FieldPlace,
  type GroupAccess,
  type GroupAdmission,
  type ItemResult,
  type OwnContext,
  type ValueItem,
} from './field-place.ts';
import { encodeValue, parseValue } from './field-value.ts';

/** What became of one document of a batch. */
export type DocumentResult<Document> =
  | { readonly value: Document; readonly error?: undefined }
  | { readonly value?: undefined; readonly error: KeyError | TypeError | RangeError };

export interface DocumentCipherOptions {
  encryptMany(place: FieldPlace, items: readonly ValueItem[]): ItemResult[];
  decryptMany(place: FieldPlace, items: readonly ValueItem<Uint8Array>[]): Promise<ItemResult[]>;
  allowsNested(place: FieldPlace): boolean;
  knowsLine(lineId: number): boolean;
  newIndex(options: BlindIndexOptions): BlindIndex;
}

type Accesses = readonly [GroupAccess | undefined, ...(GroupAccess | undefined)[]];

/** A document on its way: a copy, whose fields are replaced one after another until one of them fails. */
interface Draft {
  document: object;
  readonly own: OwnContext;
  /** What of the document is a copy already. */
  readonly copied: WeakSet<object>;
  error?: KeyError | TypeError | RangeError;
}

/** One value of one draft. */
interface Work {
  readonly draft: Draft;
  readonly slot: Slot;
}

/** Encrypts and decrypts the fields of whole documents, field by field over all documents of a call. */
export class DocumentCipher {
  readonly #options: DocumentCipherOptions;
  readonly #schemas = new WeakMap<DocumentSchema, ParsedSchema>();

  constructor(options: DocumentCipherOptions) {
    this.#options = options;
  }

  async encrypt<Document extends object>(
    schema: DocumentSchema,
    documents: readonly Document[],
    admission?: GroupAdmission,
  ): Promise<DocumentResult<Document>[]> {
    const parsed = this.#parsed(schema);
    const drafts = documents.map((document) => newDraft(parsed, document));
    for (const field of parsed.fields) {
      if (field.blindIndex) await writeIndex(drafts, field.steps, field.blindIndex);
      const [access] = accessesTo(field, admission);
      this.#encryptField({ collection: schema.collection, field: field.path, access }, field, drafts);
    }
    return drafts.map((draft) => resultOf<Document>(draft));
  }

  async decrypt<Document extends object>(
    schema: DocumentSchema,
    documents: readonly Document[],
    admission?: GroupAdmission,
  ): Promise<DocumentResult<Document>[]> {
    const parsed = this.#parsed(schema);
    const drafts = documents.map((document) => newDraft(parsed, document));
    for (const field of parsed.fields) {
      const place = { collection: schema.collection, field: field.path };
      await this.#decryptField(place, field, drafts, accessesTo(field, admission));
      if (field.blindIndex) removeIndex(drafts, field.blindIndex.to);
    }
    return drafts.map((draft) => resultOf<Document>(draft));
  }

  #encryptField(place: FieldPlace, field: ParsedField, drafts: readonly Draft[]): void {
    const work = workOf(drafts, field);
    const items: { work: Work; item: ValueItem }[] = [];
    for (const one of work) {
      attempt(one.draft, () => {
        this.#checkNotNested(place, one.slot.value);
        items.push({ work: one, item: { value: encodeValue(one.slot.value), ...one.draft.own } });
      });
    }
    if (items.length === 0) return;
    const results = this.#options.encryptMany(
      place,
      items.map(({ item }) => item),
    );
    put(items, results, (record) => (field.store === 'octets' ? record : Buffer.from(record).toString('base64')));
  }

  async #decryptField(
    place: FieldPlace,
    field: ParsedField,
    drafts: readonly Draft[],
    accesses: Accesses,
  ): Promise<void> {
    const items: { work: Work; item: ValueItem<Uint8Array> }[] = [];
    for (const one of workOf(drafts, field)) {
      attempt(one.draft, () => items.push({ work: one, item: { value: recordOf(one.slot.value), ...one.draft.own } }));
    }
    const results = await this.#openWith(
      place,
      accesses,
      items.map(({ item }) => item),
    );
    put(items, results, (octets) => parseValue(octets));
  }

  /** A record does not say which group it is of: what is under none of the first one's keys is tried with the next one's. */
  async #openWith(
    place: FieldPlace,
    [access, ...others]: Accesses,
    items: readonly ValueItem<Uint8Array>[],
  ): Promise<ItemResult[]> {
    if (items.length === 0) return [];
    const results = await this.#options.decryptMany({ ...place, access }, items);
    const [next, ...rest] = others;
    // GROUP_DENIED: an epoch that the group has not reached yet, so that it is another group's.
    const foreign = results.flatMap(({ error }, i) =>
      error instanceof KeyError && ['WRONG_KEY', 'GROUP_DENIED'].includes(error.code) ? [i] : [],
    );
    if (!next || foreign.length === 0) return results;
    const again = await this.#openWith(
      place,
      [next, ...rest],
      foreign.map((i) => items[i] as ValueItem<Uint8Array>),
    );
    for (const [n, i] of foreign.entries()) results[i] = again[n] as ItemResult;
    return results;
  }

  #checkNotNested(place: FieldPlace, value: unknown): void {
    const knows = (lineId: number): boolean => this.#options.knowsLine(lineId);
    const nested =
      (typeof value === 'string' && isRecordText(value, knows)) ||
      (value instanceof Uint8Array && isRecord(value, knows));
    if (!nested || this.#options.allowsNested(place)) return;
    throw new KeyError('NESTED_CIPHERTEXT', `${place.collection}.${place.field} is encrypted already`);
  }

  #parsed(schema: DocumentSchema): ParsedSchema {
    const known = this.#schemas.get(schema);
    if (known) return known;
    const parsed = parseSchema(schema, (options) => this.#options.newIndex(options));
    this.#schemas.set(schema, parsed);
    return parsed;
  }
}

function newDraft(schema: ParsedSchema, document: object): Draft {
  const documentId = valueAt(document, schema.documentId) as RecordId | undefined;
  const rowVersion = schema.rowVersion && (valueAt(document, schema.rowVersion) as RecordId | undefined);
  return { document, own: { documentId, rowVersion }, copied: new WeakSet() };
}

/** Every value of a field in all documents that are still good; null only where it is encrypted too. */
function workOf(drafts: readonly Draft[], { steps, encryptNull = false }: ParsedField): Work[] {
  return drafts.flatMap((draft) => {
    if (draft.error) return [];
    const { document, slots } = slotsAt(draft.document, steps, draft.copied);
    draft.document = document;
    return slots.filter(({ value }) => value !== null || encryptNull).map((slot) => ({ draft, slot }));
  });
}

function put(
  items: readonly { readonly work: Work }[],
  results: readonly ItemResult[],
  convert: (octets: Uint8Array) => unknown,
): void {
  for (const [i, { work }] of items.entries()) {
    const result = results[i];
    if (result?.value) attempt(work.draft, () => work.slot.put(convert(result.value)));
    else if (result) work.draft.error ??= result.error;
  }
}

/** An error of one document stops none of the others. */
function attempt(draft: Draft, action: () => void): void {
  if (draft.error) return;
  try {
    action();
  } catch (error) {
    draft.error = asItemError(error);
  }
}

/** A record as it is stored: octets, or base64 in either alphabet. */
function recordOf(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'string' && isRecordText(value)) return Buffer.from(value, 'base64');
  throw new KeyError('MALFORMED_CIPHERTEXT', 'the field is not encrypted');
}

async function writeIndex(
  drafts: readonly Draft[],
  steps: readonly PathStep[],
  { index, to }: { readonly index: BlindIndex; readonly to: readonly PathStep[] },
): Promise<void> {
  for (const draft of drafts) {
    const value = valueAt(draft.document, steps);
    if (draft.error || value === undefined || value === null) continue;
    try {
      const entries = await index.entries(value as IndexedValue);
      const texts = entries.map((entry) => Buffer.from(entry).toString('base64'));
      draft.document = setAt(draft.document, to, texts, draft.copied);
    } catch (error) {
      draft.error = asItemError(error);
    }
  }
}

function removeIndex(drafts: readonly Draft[], to: readonly PathStep[]): void {
  for (const draft of drafts) {
    if (valueAt(draft.document, to) !== undefined) draft.document = setAt(draft.document, to, undefined, draft.copied);
  }
}

/** The ways to a field's keys that are open to the caller, the preferred one first; none is needed without groups. */
function accessesTo({ path, allowedGroups }: ParsedField, admission: GroupAdmission | undefined): Accesses {
  if (!allowedGroups) return [undefined];
  if (!admission) throw new KeyError('GROUP_DENIED', `${path} belongs to groups, and nobody was admitted to one`);
  return admission.accesses(allowedGroups);
}

function resultOf<Document>({ document, error }: Draft): DocumentResult<Document> {
  return error ? { error } : { value: document as Document };
}
