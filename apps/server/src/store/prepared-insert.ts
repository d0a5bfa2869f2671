import type { CompiledQuery, DialectAdapter, Insertable, Kysely } from 'kysely';
import type { Database } from './database.ts';
import { executeQuery } from './direct-connection.ts';

/** Rows are inserted 64, 32, 16 ... 1 at a time, so that seven statement texts serve every number of rows. */
const largestChunk = 64;

/** Inserts rows, many with one statement. */
export type PreparedInsert<T extends keyof Database> = (
  db: Kysely<Database>,
  rows: readonly Insertable<Database[T]>[],
) => Promise<void>;

/** Prepares the insertion of any number of rows into one table, every row with the same columns. */
export function preparedInsert<T extends keyof Database>(
  table: T,
  columns: readonly (keyof Insertable<Database[T]> & string)[],
): PreparedInsert<T> {
  const compiled = new WeakMap<DialectAdapter, Map<number, CompiledInsert>>();

  function insertOf(db: Kysely<Database>, size: number): CompiledInsert {
    const { adapter } = db.getExecutor();
    const bySize = compiled.get(adapter) ?? new Map<number, CompiledInsert>();
    compiled.set(adapter, bySize);
    const query = bySize.get(size) ?? compileInsert(db, { table, columns, size });
    bySize.set(size, query);
    return query;
  }

  return async (db, rows) => {
    for (let start = 0; start < rows.length; ) {
      const size = Math.min(largestChunk, 2 ** Math.floor(Math.log2(rows.length - start)));
      const { query, cells } = insertOf(db, size);
      const first = start;
      const parameters = cells.map(
        ({ row, column }) => (rows[first + row] as Readonly<Record<string, unknown>>)[column],
      );
      await executeQuery(db, { ...query, parameters });
      start += size;
    }
  };
}

interface CompiledInsert {
  readonly query: CompiledQuery<unknown>;
  /** Which value each parameter is. */
  readonly cells: readonly Cell[];
}

interface Cell {
  readonly row: number;
  readonly column: string;
}

function compileInsert<T extends keyof Database>(
  db: Kysely<Database>,
  { table, columns, size }: { readonly table: T; readonly columns: readonly string[]; readonly size: number },
): CompiledInsert {
  const rows = Array.from({ length: size }, (_, row) =>
    Object.fromEntries(columns.map((column): [string, Cell] => [column, { row, column }])),
  );
  const query = db
    .insertInto(table)
    .values(rows as unknown as Insertable<Database[T]>[])
    .compile();
  return { query, cells: query.parameters as readonly Cell[] };
}
