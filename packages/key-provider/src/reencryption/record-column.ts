/** One column of records. */
export interface RecordColumn {
  /** Name of the partition in progress reports and in the quarantine list: `patients.ssn`. */
  readonly name: string;
  /** `schema.table` where there are schemas. */
  readonly table: string;
  /** Unique and ordered: the primary key. */
  readonly keyColumn: string;
  readonly recordColumn: string;
  /** Further columns that the rewriter wants to see. */
  readonly columns?: readonly string[];
}

/** Double-quotes a name for SQL, so that it can be nothing but a name. @throws TypeError */
export function quoted(name: string): string {
  if (name === '' || name.includes('\0')) throw new TypeError('a name of SQL is not empty and has no NUL');
  return name
    .split('.')
    .map((part) => `"${part.replaceAll('"', '""')}"`)
    .join('.');
}

/** Finds a column by the name of its partition. @throws RangeError */
export function columnOf(columns: readonly RecordColumn[], partition: string): RecordColumn {
  const column = columns.find(({ name }) => name === partition);
  if (column === undefined) throw new RangeError(`there is no partition ${partition}`);
  return column;
}

/** What is selected of a row, under names that no column has. */
export function selection({ keyColumn, recordColumn, columns = [] }: RecordColumn): string {
  const further = columns.map((column, i) => `, ${quoted(column)} as vcc_column_${i}`);
  return `${quoted(keyColumn)} as vcc_key, ${quoted(recordColumn)} as vcc_record${further.join('')}`;
}

/** The further columns of a row that was read with {@link selection}. */
export function furtherColumns(
  { columns = [] }: RecordColumn,
  row: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(columns.map((column, i) => [column, row[`vcc_column_${i}`]]));
}
