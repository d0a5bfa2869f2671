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
  const compiled = new WeakMap<DialectAdapter, Map<number, CompiledQuery<unknown>>>();

  function insertOf(db: Kysely<Database>, size: number): CompiledQuery<unknown> {
    const { adapter } = db.getExecutor();
    const bySize = compiled.get(adapter) ?? new Map<number, CompiledQuery<unknown>>();
    compiled.set(adapter, bySize);
    const query = bySize.get(size) ?? compileInsert(db, { table, columns, size });
    bySize.set(size, query);
    return query;
  }

  return async (db, rows) => {
    for (let start = 0; start < rows.length; ) {
      const size = Math.min(largestChunk, 2 ** Math.floor(Math.log2(rows.length - start)));
      const query = insertOf(db, size);
      const values = rows.slice(start, start + size).flatMap((row) => columns.map((column) => row[column]));
      // A compiled parameter is the number of the cell whose value belongs there.
      await executeQuery(db, { ...query, parameters: query.parameters.map((cell) => values[Number(cell)]) });
      start += size;
    }
  };
}

function compileInsert<T extends keyof Database>(
  db: Kysely<Database>,
  { table, columns, size }: { readonly table: T; readonly columns: readonly string[]; readonly size: number },
): CompiledQuery<unknown> {
  const cells = Array.from({ length: size }, (_, row) =>
    Object.fromEntries(columns.map((column, index) => [column, row * columns.length + index])),
  );
  return db
    .insertInto(table)
    .values(cells as unknown as Insertable<Database[T]>[])
    .compile();
}
