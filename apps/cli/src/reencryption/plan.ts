import { readFile } from 'node:fs/promises';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { parse } from 'yaml';
import { CliError } from '../cli-error.ts';

const Name = Type.String({ minLength: 1, maxLength: 256 });

const Column = Type.Object(
  {
    name: Type.Optional(Name),
    table: Name,
    key: Name,
    record: Name,
    collection: Name,
    field: Name,
    document_id: Type.Optional(Name),
    document_id_type: Type.Optional(Type.Enum(['text', 'integer'])),
    row_version: Type.Optional(Name),
    binding: Type.Optional(Type.Enum(['field', 'document', 'row'])),
  },
  { additionalProperties: false },
);

/** What `vcc-pki reencrypt` is told: which line, which columns. `docs/key-provider.md` has an example. */
const ReencryptionPlan = Type.Object(
  {
    line: Name,
    tenant: Name,
    database: Name,
    job_id: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9._:-]{1,64}$' })),
    rows_per_second: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
    max_p99_ms: Type.Optional(Type.Integer({ minimum: 1, maximum: 60_000 })),
    columns: Type.Array(Column, { minItems: 1, maxItems: 1000 }),
  },
  { additionalProperties: false },
);
export type ReencryptionPlan = Static<typeof ReencryptionPlan>;
export type PlannedColumn = ReencryptionPlan['columns'][number];

/** @throws CliError `fileUnreadable`, `badConfiguration` */
export async function readPlan(file: string): Promise<ReencryptionPlan> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new CliError('fileUnreadable', `cannot read the plan ${file}`, { cause });
  });
  const value = parseYaml(file, text);
  const faults = Value.Errors(ReencryptionPlan, value).map(
    ({ instancePath, message }) => `${instancePath === '' ? 'the plan' : instancePath.slice(1)} ${message}`,
  );
  if (faults.length === 0) return value as ReencryptionPlan;
  throw new CliError('badConfiguration', `the plan ${file} is wrong`, {
    lines: faults,
    advice: 'docs/key-provider.md, "Rotation", has a plan with every key.',
  });
}

/** The name of a column in progress reports. */
export function columnName({ name, collection, field }: PlannedColumn): string {
  return name ?? `${collection}.${field}`;
}

function parseYaml(file: string, text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 0 });
  } catch (cause) {
    throw new CliError(
      'badConfiguration',
      `the plan ${file} is no YAML: ${cause instanceof Error ? cause.message : ''}`,
      {
        cause,
      },
    );
  }
}
