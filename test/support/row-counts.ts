import { openStoreReader } from '../../apps/server/src/store/index.ts';

/** What a refused request must leave as it is; the audit log may grow. */
const tables = [
  'certificates',
  'certificate_names',
  'services',
  'crl',
  'blocked_keys',
  'idempotency_keys',
  'certificate_counts',
  'audit_log',
] as const;

export type RowCounts = Readonly<Record<(typeof tables)[number], number>>;

/** Counts the rows of a ledger past its server. */
export async function rowCounts(databaseUrl: string): Promise<RowCounts> {
  const reader = openStoreReader(databaseUrl);
  try {
    const counts = tables.map(async (table) => {
      const count = reader.selectFrom(table).select((eb) => eb.fn.countAll<number>().as('rows'));
      // A CRL falls due whenever its schedule says so, whatever is asked meanwhile.
      const asked = table === 'audit_log' ? count.where('action', '!=', 'publish-crl') : count;
      const { rows } = await asked.executeTakeFirstOrThrow();
      return [table, Number(rows)] as const;
    });
    return Object.fromEntries(await Promise.all(counts)) as RowCounts;
  } finally {
    await reader.destroy();
  }
}
