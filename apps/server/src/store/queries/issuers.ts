import type { Kysely } from 'kysely';
import type { Database } from '../database.ts';
import type { IssuerRecord } from '../operations/record-issuer.ts';

const issuerColumns = [
  'issuer_id as issuerId',
  'subject',
  'certificate_pem as certificatePem',
  'role',
  'serial_number as serialNumber',
  'fingerprint_sha256 as fingerprintSha256',
  'not_before as notBefore',
  'not_after as notAfter',
  'parent_issuer_id as parentIssuerId',
  'crl_shards as crlShards',
] as const;

/** Lists the CAs, in the order of their ids; there are a handful in the life of a PKI. */
export function listIssuers(db: Kysely<Database>): Promise<IssuerRecord[]> {
  return db.selectFrom('issuers').select(issuerColumns).orderBy('issuer_id').execute();
}

/** Finds a CA by the hex of its subject key identifier. */
export function issuerById(db: Kysely<Database>, issuerId: string): Promise<IssuerRecord | undefined> {
  return db.selectFrom('issuers').select(issuerColumns).where('issuer_id', '=', issuerId).executeTakeFirst();
}
