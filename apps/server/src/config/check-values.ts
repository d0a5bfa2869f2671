import type { Static, TSchema } from 'typebox';
import { Settings } from 'typebox/system';
import { Value } from 'typebox/value';
import type { Finding } from './config-error.ts';
import { describeAllowed, describeFound } from './describe-allowed.ts';
import { didYouMean } from './did-you-mean.ts';
import type { SchemaNode } from './setting.ts';
import type { KeyPath, YamlSource } from './yaml-source.ts';

/** A file against its schema: its values over the defaults, or what is wrong with them. */
export type Checked<T> =
  | { readonly value: T; readonly findings: readonly [] }
  | { readonly findings: readonly Finding[] };

type SchemaError = ReturnType<typeof Value.Errors>[number];

/** Lays the file's values over the schema's defaults and checks all of them. */
export function checkValues<T extends TSchema>(schema: T, source: YamlSource): Checked<Static<T>> {
  const value = Value.Default(schema, withoutEmptySections(source.value));
  const findings = allErrors(schema, value).flatMap((error) => toFindings(error, { schema, value, source }));
  const distinct = [...new Map(findings.map((finding) => [`${finding.path} ${finding.line}`, finding])).values()];
  return distinct.length === 0 ? { value: value as Static<T>, findings: [] } : { findings: distinct };
}

/** Nobody mends more at once. */
const maxErrors = 200;

/** TypeBox stops at 8 errors by a setting for the whole process; it is put back before anything else runs. */
function allErrors(schema: TSchema, value: unknown): SchemaError[] {
  const { maxErrors: before } = Settings.Get();
  Settings.Set({ maxErrors });
  try {
    return Value.Errors(schema, value);
  } finally {
    Settings.Set({ maxErrors: before });
  }
}

/** `rotation:` with nothing behind it (all its keys commented out, say) is as good as left out. */
function withoutEmptySections(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, section]) => section !== null));
}

function toFindings(error: SchemaError, at: { schema: TSchema; value: unknown; source: YamlSource }): Finding[] {
  const path = fromPointer(error.instancePath, at.value);
  const node = nodeAt(at.schema as SchemaNode, path);
  const { source } = at;
  switch (error.keyword) {
    // The schema `false` under an unknown key; reported by additionalProperties, with all names at once.
    case 'boolean':
      return [];
    case 'additionalProperties': {
      const known = Object.keys(node.properties ?? {});
      return error.params.additionalProperties.map((key) =>
        source.finding('unknownKey', [...path, key], unknownKeyMessage(key, known)),
      );
    }
    case 'required':
      return error.params.requiredProperties.map((key) =>
        source.finding('missingKey', [...path, key], `must be there: ${describeAllowed(nodeAt(node, [key]))}`),
      );
    case 'uniqueItems':
      return [source.finding('badValue', path, 'has the same value twice')];
    default: {
      const found = describeFound(valueAt(at.value, path));
      return [source.finding('badValue', path, `found ${found}; allowed: ${describeAllowed(node)}`)];
    }
  }
}

function unknownKeyMessage(key: string, known: readonly string[]): string {
  const meant = didYouMean(key, known);
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
  return `unknown key${hint}${hint === '' ? '.' : ''} Allowed here: ${known.join(', ')}`;
}

/** The keys of a JSON Pointer (RFC 6901 s4), numbers where the value has lists. */
function fromPointer(pointer: string, value: unknown): KeyPath {
  const path: (string | number)[] = [];
  for (const token of pointer.split('/').slice(1)) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(Array.isArray(valueAt(value, path)) ? Number(key) : key);
  }
  return path;
}

function valueAt(value: unknown, path: KeyPath): unknown {
  return path.reduce<unknown>((parent, key) => (parent as Record<string | number, unknown>)?.[key], value);
}

function nodeAt(schema: SchemaNode, path: KeyPath): SchemaNode {
  return path.reduce<SchemaNode>((node, key) => {
    return (typeof key === 'number' ? node.items : node.properties?.[key]) ?? {};
  }, schema);
}
