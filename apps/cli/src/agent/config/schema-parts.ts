import { type Static, type TSchema, Type } from 'typebox';

/** What a key that may be left out says about itself; the example stands in docs/agent.md. */
interface OptionalMeaning<T> {
  readonly description: string;
  readonly examples: T[];
}

interface TextForm {
  readonly pattern: string;
  /** The form in words, for whoever got it wrong. */
  readonly expects: string;
}

/** The forms of texts in agent.yaml. */
export const forms = {
  file: { pattern: '^[^\\u0000\\r\\n]{1,4096}$', expects: 'a path, relative to the folder of agent.yaml' },
  absoluteFile: { pattern: '^/[^\\u0000\\r\\n]{1,4095}$', expects: 'an absolute path' },
  fileName: {
    pattern: '^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$',
    expects: 'a file name of letters, digits, ".", "-" and "_", without a folder',
  },
  name: {
    pattern: '^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$',
    expects: '1 to 63 lower-case letters, digits and hyphens, no hyphen at either end',
  },
  serverUrl: { pattern: '^https://[^/?#@\\s]{1,255}$', expects: 'https://HOST:PORT' },
  dnsName: { pattern: '^[A-Za-z0-9*_](?:[A-Za-z0-9._-]{0,252}[A-Za-z0-9])?$', expects: 'a DNS name' },
  ipAddress: { pattern: '^[0-9a-fA-F.:]{2,45}$', expects: 'an IP address' },
  uri: { pattern: '^[a-z][a-z0-9+.-]*:[^\\s]{1,2000}$', expects: 'a URI' },
  hostAndPort: {
    pattern: '^(?:\\[[0-9a-fA-F:.]{2,45}\\]|[A-Za-z0-9._-]{1,253}):[0-9]{1,5}$',
    expects: 'HOST:PORT, an IPv6 address in brackets',
  },
  user: { pattern: '^(?:[0-9]{1,10}|[a-z_][a-z0-9_.-]{0,31}\\$?)$', expects: 'a name or a number' },
  keyMode: {
    pattern: '^0[46][04]0$',
    expects: '"0400", "0440", "0600" or "0640", in quotes: nobody else may read a key',
  },
  certMode: {
    pattern: '^0[46][046][04]$',
    expects: 'an octal mode in quotes, such as "0644": nobody but the owner and its group may write',
  },
} as const satisfies Record<string, TextForm>;

/** A text that must be there. */
export function requiredText(form: TextForm, options: OptionalMeaning<string>) {
  return Type.String({ ...form, ...options });
}

/** A text that may be left out, and then has no value. */
export function optionalText(form: TextForm, options: OptionalMeaning<string>) {
  return Type.Optional(Type.String({ ...form, ...options }));
}

/** A number that may be left out. */
export function optionalInteger(
  options: OptionalMeaning<number> & { readonly minimum: number; readonly maximum: number },
) {
  return Type.Optional(Type.Integer({ ...options }));
}

/** A list that may be left out. */
export function optionalList<T extends TSchema>(
  items: T,
  options: OptionalMeaning<Static<T>[]> & { readonly maxItems: number },
) {
  return Type.Optional(Type.Array(items, { minItems: 1, ...options }));
}

/** A mapping that may be left out as a whole. */
export function optionalSection<T extends Record<string, TSchema>>(properties: T, description: string) {
  return Type.Optional(Type.Object(properties, { additionalProperties: false, description }));
}
