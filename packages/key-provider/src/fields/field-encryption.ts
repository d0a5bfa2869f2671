import type { Engine } from '../ciphertext/engine.ts';
import { fastestEngine } from '../ciphertext/fastest-engine.ts';
import { NonceSource } from '../ciphertext/nonce-source.ts';
import { parseFixedHeader } from '../ciphertext/record-header.ts';
import type { KekSource } from '../keys/kek-source.ts';
import { isOld, lookAtHeader } from '../reencryption/header-look.ts';
import { BlindIndex, type BlindIndexOptions } from './blind-index.ts';
import { DocumentCipher, type DocumentResult } from './document-cipher.ts';
import type { DocumentSchema } from './document-schema.ts';
import type { FieldPlace, GroupAccess, GroupAdmission, ItemResult, ValueItem } from './field-place.ts';
import { buildPolicy, type FieldPolicy } from './field-policy.ts';
import { FieldReader, type SealedSessions } from './field-reader.ts';
import { openStream, sealStream } from './field-stream.ts';
import { FieldWriter } from './field-writer.ts';

export interface FieldEncryptionOptions {
  readonly keys: KekSource;
  /** Name of the line whose primary version encrypts. */
  readonly line: string;
  readonly tenant: string;
  /** For every field, instead of the strict policy. */
  readonly policy?: Partial<FieldPolicy> | undefined;
  /** For single fields, by `collection.field`; goes before {@link policy}. */
  readonly fields?: Readonly<Record<string, Partial<FieldPolicy>>> | undefined;
  /** `false` leaves the time of writing out of nonces. */
  readonly nonceClock?: boolean | undefined;
  /** The fastest one that works here when absent. */
  readonly engine?: Engine | undefined;
  /** Opens what write-only services wrote. */
  readonly sealed?: SealedSessions | undefined;
}

/**
 * Encrypts fields of documents under the primary version of a KEK line and decrypts them under whatever version they name.
 *
 * Encrypting never waits: the key is in memory or the call fails. Decrypting waits only for a version not met before.
 */
export class FieldEncryption {
  readonly #options: FieldEncryptionOptions;
  readonly #engine: Engine;
  readonly #policies = new Map<string, FieldPolicy>();
  readonly #nonces: NonceSource;
  readonly #writer: FieldWriter;
  readonly #reader: FieldReader;
  readonly #documents: DocumentCipher;

  constructor(options: FieldEncryptionOptions) {
    const { keys, line, tenant, sealed, engine = fastestEngine(), nonceClock = true } = options;
    // What contradicts itself is refused here and not at the first write.
    for (const policy of Object.values(options.fields ?? {})) buildPolicy(options.policy, policy);
    this.#options = options;
    this.#engine = engine;
    const policyOf = (place: FieldPlace): FieldPolicy => this.policyOf(place);
    this.#nonces = new NonceSource({ withClock: nonceClock });
    this.#writer = new FieldWriter({
      tenant,
      engine,
      nonces: this.#nonces,
      policyOf,
      holderOf: ({ access }) => (access ? access.writing(keys.primary(line)) : keys.primary(line)),
      knowsLine: (lineId) => keys.knowsLine?.(lineId) ?? true,
    });
    this.#reader = new FieldReader({ tenant, engine, keys, sealed, policyOf });
    this.#documents = new DocumentCipher({
      encryptMany: (place, items) => this.encryptMany(place, items),
      decryptMany: (place, items) => this.decryptMany(place, items),
      allowsNested: (place) => this.policyOf(place).allowNested,
      knowsLine: (lineId) => keys.knowsLine?.(lineId) ?? true,
      newIndex: (index) => this.blindIndex(index),
    });
  }

  /** Which path is active in this process: the accelerator, or `node:crypto`. */
  static get engine(): Engine['name'] {
    return fastestEngine().name;
  }

  /** Which path this one takes. */
  get engine(): Engine['name'] {
    return this.#engine.name;
  }

  /**
   * Encrypts one value.
   *
   * @param value octets, or a text that is taken as UTF-8
   * @throws {@link KeyError} `NESTED_CIPHERTEXT` and those of the KEK; TypeError when the place lacks what the policy binds to
   */
  encrypt(place: FieldPlace, value: Uint8Array | string): Uint8Array {
    return this.#writer.encrypt(place, value);
  }

  /** Encrypts many values of one field; what cannot be encrypted has an error in its place and stops none of the others. */
  encryptMany(place: FieldPlace, items: readonly ValueItem[]): ItemResult[] {
    return this.#writer.encryptMany(place, items);
  }

  /**
   * Decrypts one record.
   *
   * @throws {@link KeyError} with the reason: never plaintext that is not proven whole and at its place
   */
  decrypt(place: FieldPlace, record: Uint8Array): Promise<Uint8Array> {
    return this.#reader.decrypt(place, record);
  }

  /** Decrypts many records of one field, under whatever versions; each has its value or its error. */
  decryptMany(place: FieldPlace, items: readonly ValueItem<Uint8Array>[]): Promise<ItemResult[]> {
    return this.#reader.decryptMany(place, items);
  }

  /**
   * Encrypts a value of any size as it comes, in chunks of 64 KiB: `pipeline(source, (s) => fields.encryptStream(place, s), target)`.
   * It ends with the reason when the KEK is revoked meanwhile.
   */
  encryptStream(place: FieldPlace, source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    return sealStream(this.#writer, this.#nonces, place, source);
  }

  /**
   * Decrypts such a stream chunk by proven chunk. Until it has ended without an error the value is not whole: whoever cut it off
   * is found at the end.
   */
  decryptStream(place: FieldPlace, source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    return openStream(this.#reader, place, source);
  }

  /**
   * Encrypts the fields that a schema names; the document that was given stays as it is.
   *
   * @param admission needed for fields that belong to groups
   * @throws {@link KeyError}; TypeError for values that would not come back as they are
   */
  async encryptDocument<Document extends object>(
    schema: DocumentSchema,
    document: Document,
    admission?: GroupAdmission,
  ): Promise<Document> {
    return single(await this.encryptDocuments(schema, [document], admission));
  }

  /** Decrypts what {@link encryptDocument} encrypted: values have their types again, indexes are gone. */
  async decryptDocument<Document extends object>(
    schema: DocumentSchema,
    document: Document,
    admission?: GroupAdmission,
  ): Promise<Document> {
    return single(await this.decryptDocuments(schema, [document], admission));
  }

  /** {@link encryptDocument} for many: each field of all of them in one go, and a result or an error for each. */
  encryptDocuments<Document extends object>(
    schema: DocumentSchema,
    documents: readonly Document[],
    admission?: GroupAdmission,
  ): Promise<DocumentResult<Document>[]> {
    return this.#documents.encrypt(schema, documents, admission);
  }

  decryptDocuments<Document extends object>(
    schema: DocumentSchema,
    documents: readonly Document[],
    admission?: GroupAdmission,
  ): Promise<DocumentResult<Document>[]> {
    return this.#documents.decrypt(schema, documents, admission);
  }

  /** An index to find values of a field by. @throws TypeError when it would tell more than its owner accepted */
  blindIndex(options: BlindIndexOptions): BlindIndex {
    const { keys, line, tenant } = this.#options;
    return new BlindIndex(keys, { name: line, tenant }, options);
  }

  /**
   * Whether a record is due for re-encryption: under another version than the primary one of the line, or under an older epoch of
   * its group.
   * @param access to the group that it belongs to; without it epochs are not looked at
   */
  isStale(record: Uint8Array, access?: Pick<GroupAccess, 'epoch'>): boolean {
    const { lineId } = parseFixedHeader(record);
    const primary = this.#options.keys.primary(this.#options.line);
    if (lineId !== primary.lineId) return true;
    return isOld(lookAtHeader(record), { lineId, version: primary.version, groupEpoch: access?.epoch });
  }

  policyOf({ collection, field }: Pick<FieldPlace, 'collection' | 'field'>): FieldPolicy {
    const name = `${collection}.${field}`;
    const known = this.#policies.get(name);
    if (known) return known;
    const policy = buildPolicy(this.#options.policy, this.#options.fields?.[name]);
    if (this.#policies.size > 10_000) this.#policies.clear();
    this.#policies.set(name, policy);
    return policy;
  }
}

function single<Document>([result]: readonly DocumentResult<Document>[]): Document {
  if (!result || result.error) throw result?.error ?? new RangeError('one document gives one result');
  return result.value;
}
