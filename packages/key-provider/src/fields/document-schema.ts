import type { BlindIndex, BlindIndexOptions } from './blind-index.ts';
import { type PathStep, parsePath } from './document-path.ts';

/** One encrypted field of a document. */
export interface EncryptedField {
  /** `address.street`, `contacts[].email`, `tags[]`; also the name of the field in its records. */
  readonly path: string;
  /** Encrypts null too. Otherwise null stays, and tells that there is no value. */
  readonly encryptNull?: boolean;
  /** What the record is stored as: base64, which every store and JSON hold, or octets. */
  readonly store?: 'base64' | 'octets';
  /** Groups whose keys may encrypt it: the first one that the caller is in does. */
  readonly allowedGroups?: readonly string[];
  /** Makes it findable. */
  readonly index?: DocumentIndex;
}

/** A blind index that is kept in a member of the document, as a list of base64. */
export interface DocumentIndex extends Omit<BlindIndexOptions, 'collection' | 'field'> {
  /** Path of that member, next to the field it is of. */
  readonly to: string;
}

/** Which fields of the documents of a collection are encrypted, and what they are bound to. */
export interface DocumentSchema {
  readonly collection: string;
  /** Path of the identifier. */
  readonly documentId: string;
  /** Path of the version of the row, for fields with that binding. */
  readonly rowVersion?: string;
  readonly fields: readonly EncryptedField[];
}

/** A {@link DocumentSchema} whose paths are parsed. */
export interface ParsedSchema {
  readonly documentId: readonly PathStep[];
  readonly rowVersion: readonly PathStep[] | undefined;
  readonly fields: readonly ParsedField[];
}

export interface ParsedField extends EncryptedField {
  readonly steps: readonly PathStep[];
  readonly blindIndex?: { readonly index: BlindIndex; readonly to: readonly PathStep[] } | undefined;
}

/** @throws TypeError for a schema that cannot be meant */
export function parseSchema(
  schema: DocumentSchema,
  newIndex: (options: BlindIndexOptions) => BlindIndex,
): ParsedSchema {
  const paths = schema.fields.map(({ path }) => path);
  for (const [i, path] of paths.entries()) {
    const clash = paths.find((other, j) => i !== j && (other === path || other.startsWith(`${path}.`)));
    if (clash !== undefined) throw new TypeError(`${clash} lies within ${path}: a value is encrypted once`);
  }
  return {
    documentId: parsePath(schema.documentId),
    rowVersion: schema.rowVersion === undefined ? undefined : parsePath(schema.rowVersion),
    fields: schema.fields.map((field) => parseField(schema.collection, field, newIndex)),
  };
}

function parseField(
  collection: string,
  field: EncryptedField,
  newIndex: (options: BlindIndexOptions) => BlindIndex,
): ParsedField {
  const steps = parsePath(field.path);
  if (!field.index) return { ...field, steps };
  const { to, ...options } = field.index;
  const toSteps = parsePath(to);
  if ([...steps, ...toSteps].some(({ each }) => each)) throw new TypeError(`${field.path}: no blind index of lists`);
  return {
    ...field,
    steps,
    blindIndex: { index: newIndex({ collection, field: field.path, ...options }), to: toSteps },
  };
}
