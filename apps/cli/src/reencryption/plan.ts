import { type Static, Type } from 'typebox';
import { explainingFindings } from '../load-configuration.ts';

const Name = Type.String({ minLength: 1, maxLength: 256, expects: 'text of 1 to 256 characters' });

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
    job_id: Type.Optional(
      Type.String({ pattern: '^[A-Za-z0-9._:-]{1,64}$', expects: '1 to 64 letters, digits and . _ : -' }),
    ),
    rows_per_second: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
    max_p99_ms: Type.Optional(Type.Integer({ minimum: 1, maximum: 60_000 })),
    columns: Type.Array(Column, { minItems: 1, maxItems: 1000 }),
  },
  { additionalProperties: false },
);
export type ReencryptionPlan = Static<typeof ReencryptionPlan>;
export type PlannedColumn = ReencryptionPlan['columns'][number];

/** @throws CliError `badConfiguration` with every finding as `file:line:column` */
export function readPlan(file: string): Promise<ReencryptionPlan> {
  return explainingFindings(async () => {
    const { loadChecked } = await import('@vcc-pki/server/config-file');
    const advice = 'docs/key-provider.md, "Rotation", has a plan with every key';
    return (await loadChecked(ReencryptionPlan, file, advice)).value;
  });
}

/** The name of a column in progress reports. */
export function columnName({ name, collection, field }: PlannedColumn): string {
  return name ?? `${collection}.${field}`;
}
