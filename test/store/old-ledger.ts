import type { connectPostgresWriter } from '../../apps/server/src/store/postgres/connect-postgres.ts';
import type { connectSqliteWriter } from '../../apps/server/src/store/sqlite/connect-sqlite.ts';
import { dayMs, issuerId, t0 } from './ledger-inputs.ts';

type Writer = ReturnType<typeof connectSqliteWriter> | ReturnType<typeof connectPostgresWriter>;

/** Inserts rows into a table of an older schema; the types of the store are those of today. */
export async function insertOld(db: Writer, table: string, rows: readonly object[]): Promise<void> {
  await db
    .insertInto(table as never)
    .values(rows as never)
    .execute();
}

/** Puts the service `s` and the issuer that certificates of {@link oldCertificate} are of into a ledger of any version. */
export async function insertOldParents(db: Writer): Promise<void> {
  await insertOld(db, 'services', [{ service_id: 's', service_name: 's', created_at: t0, updated_at: t0 }]);
  await insertOld(db, 'issuers', [
    {
      ...{ issuer_id: issuerId, subject: 'CN=x', certificate_pem: 'PEM', role: 'intermediate', serial_number: '01' },
      ...{ fingerprint_sha256: 'ff', not_before: t0, not_after: t0 + dayMs },
    },
  ]);
}

/** A row of `certificates` in what all versions of it have. */
export function oldCertificate(index: number, columns: { readonly status: string; readonly serial_number: string }) {
  return {
    ...{ certificate_id: `cert_${index}`, service_id: 's', issuer_id: issuerId, issuer: 'CN=x', common_name: 's' },
    ...{ spki_sha256: 'aa', key_type: 'P-256', profile: 'service', metadata: '{}', instance: 'i' },
    ...{ not_before: t0, not_after: t0 + dayMs, created_at: t0 },
    ...columns,
  };
}
