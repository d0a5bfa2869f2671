import { parsePem } from '@vcc-pki/asn1';
import { parseCertificate } from '@vcc-pki/x509';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from '../database.ts';
import { type ColumnTypes, columnTypes } from './column-types.ts';

/** Certificates are read and written so many at a time. */
const chunkSize = 500;

/** What is signed stays where the intent has put it, and the signature comes beside it, in place of the whole in PEM. */
export async function up(db: Kysely<Database>): Promise<void> {
  const types = columnTypes(db);
  await db.schema.alterTable('certificates').addColumn('signature', types.bytes).execute();
  for (
    let chunk = await issuedBehind(db, '');
    chunk.length > 0;
    chunk = await issuedBehind(db, chunk.at(-1)?.id ?? '')
  ) {
    await takeApart(db, chunk, types);
  }
  await db.schema.alterTable('certificates').dropColumn('pem_certificate').execute();
}

interface IssuedRow {
  readonly id: string;
  readonly pem: string;
}

async function issuedBehind(db: Kysely<Database>, id: string): Promise<readonly IssuedRow[]> {
  const { rows } = await sql<IssuedRow>`select certificate_id as id, pem_certificate as pem from certificates
    where certificate_id > ${id} and pem_certificate is not null order by certificate_id limit ${chunkSize}`.execute(
    db,
  );
  return rows;
}

async function takeApart(db: Kysely<Database>, rows: readonly IssuedRow[], { bytes }: ColumnTypes): Promise<void> {
  const parts = rows.map(({ id, pem }): RawBuilder<unknown> => {
    const [block] = parsePem(pem);
    if (block === undefined) throw new Error(`${id} was issued and its PEM cannot be read.`);
    const { tbsDer, signature } = parseCertificate(block.der);
    return sql`(${id}, cast(${tbsDer} as ${bytes}), cast(${signature} as ${bytes}))`;
  });
  // Both databases name the columns of VALUES so.
  await sql`update certificates set tbs_der = parts.column2, signature = parts.column3
    from (values ${sql.join(parts)}) as parts where certificate_id = parts.column1`.execute(db);
}
