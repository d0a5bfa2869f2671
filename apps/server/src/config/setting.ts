import { type TSchema, Type } from 'typebox';
import { describeAllowed } from './describe-allowed.ts';

/** What every key of a configuration file says about itself. */
export interface Meaning<T> {
  /** One sentence: the comment above the key in a new file, and its row in docs/configuration.md. */
  readonly description: string;
  readonly default: T;
}

/** A whole number between two bounds. */
export function integer(options: Meaning<number> & { readonly minimum: number; readonly maximum: number }) {
  return Type.Integer({ ...options });
}

/** A text of a given form. `expects` says which, for whoever got it wrong. */
export function text(options: Meaning<string> & { readonly pattern: string; readonly expects: string }) {
  return Type.String({ ...options });
}

/** A file, relative to the PKI directory unless absolute. */
export function filePath(options: Meaning<string>) {
  return text({ ...options, pattern: '^[^\\u0000\\r\\n]{1,4096}$', expects: 'a path, relative to the PKI directory' });
}

/** One of a few words or numbers. */
export function choice<const T extends (string | number)[]>(
  values: readonly [...T],
  options: { readonly description: string; readonly default: T[number] },
) {
  return Type.Enum<T>(values, { ...options });
}

/** A mapping of known keys; a file may leave out all that have defaults. */
export function section<T extends Record<string, TSchema>>(properties: T, description = '') {
  return Type.Object(properties, { additionalProperties: false, default: {}, description });
}

/** One key as documentation and default files show it. */
export interface Setting {
  /** `pki_server.port`, `services[].service_id`. */
  readonly path: string;
  readonly description: string;
  /** `undefined`: the key may be left out and then has no value, or it must be there. */
  readonly default: unknown;
  readonly example: unknown;
  readonly required: boolean;
  readonly allowed: string;
}

/** The schema of a mapping or list, as far as it is walked here. */
export interface SchemaNode {
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly items?: SchemaNode;
}

/** Every key of a file, in order; lists of mappings are walked into, with `[]` behind their name. */
export function listSettings(schema: SchemaNode, prefix = ''): Setting[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, node]) => {
    const path = `${prefix}${key}`;
    if (node.properties !== undefined) return listSettings(node, `${path}.`);
    if (node.items?.properties !== undefined) return listSettings(node.items, `${path}[].`);
    return [
      {
        path,
        description: node.description ?? '',
        default: node.default,
        example: node.examples?.[0] ?? node.default,
        required: node.default === undefined && (schema.required ?? []).includes(key),
        allowed: describeAllowed(node),
      },
    ];
  });
}
