import type { StoreQuery } from '../../apps/server/src/store/index.ts';
import { openPool } from '../../apps/server/src/store/postgres/connect-postgres.ts';
import type { TestStore } from '../support/databases.ts';

/** Finds the queries that the database would answer by reading all of a table, apart from those that may be read. */
export async function fullScans(
  store: TestStore,
  queries: readonly StoreQuery[],
  mayBeRead: readonly string[],
): Promise<string[]> {
  const distinct = [...new Map(queries.map((query) => [query.sql, query])).values()];
  const scansOf = store.dialect === 'sqlite' ? sqliteScans : postgresScans;
  return (await scansOf(store, distinct)).filter(({ table }) => !mayBeRead.includes(table)).map(({ text }) => text);
}

interface Scan {
  readonly table: string;
  readonly text: string;
}

/** A partial index that holds nothing but what is asked for: it may be walked as a whole. */
const wholeAnswer = 'certificates_intent';

/** SQLite says SCAN for a walk over a table or a whole index, SEARCH for one that begins and ends in an index. */
async function sqliteScans(store: TestStore, queries: readonly StoreQuery[]): Promise<Scan[]> {
  const scans: Scan[] = [];
  for (const { sql, parameters } of queries) {
    for (const { detail } of await store.execute(`explain query plan ${sql}`, parameters)) {
      // `SCAN 2-ROW VALUES CLAUSE` and `SCAN CONSTANT ROW` read no table.
      const [, table, index] = /^SCAN ([a-z_]+)(?: USING (?:COVERING )?INDEX (\w+))?/.exec(String(detail)) ?? [];
      if (table !== undefined && index !== wholeAnswer) scans.push({ table, text: `${detail}: ${shortened(sql)}` });
    }
  }
  return scans;
}

/** Without the long list of columns. */
function shortened(sql: string): string {
  return sql.replace(/^select .* from "/, 'select ... from "');
}

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Plans?: readonly PlanNode[];
}

/** With sequential scans made dear, PostgreSQL takes one only where no index serves. */
async function postgresScans(store: TestStore, queries: readonly StoreQuery[]): Promise<Scan[]> {
  const pool = openPool(store.url, { max: 1 });
  try {
    await pool.query('set enable_seqscan = off');
    const scans: Scan[] = [];
    for (const { sql, parameters } of queries) {
      const { rows } = await pool.query(`explain (format json) ${sql}`, [...parameters]);
      const root = rows[0]['QUERY PLAN'][0].Plan as PlanNode;
      for (const node of nodesOf(root).filter(isFullScan)) {
        const table = node['Relation Name'] ?? '';
        scans.push({ table, text: `${node['Node Type']} on ${table} ${node['Index Name'] ?? ''}: ${shortened(sql)}` });
      }
    }
    return scans;
  } finally {
    await pool.end();
  }
}

function nodesOf(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}

/** An index without a condition is walked as a whole. */
function isFullScan(node: PlanNode): boolean {
  if (node['Node Type'] === 'Seq Scan') return true;
  const walksIndex = /^(Index|Index Only|Bitmap Index) Scan$/.test(node['Node Type']);
  return walksIndex && node['Index Cond'] === undefined && node['Index Name'] !== wholeAnswer;
}
