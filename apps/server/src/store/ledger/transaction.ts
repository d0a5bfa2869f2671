import type { PkiEvent } from '@vcc-pki/api';
import type { Kysely } from 'kysely';
import type { AuditEvent } from '../../audit/index.ts';
import type { CertificateStatus, Database } from '../database.ts';

/**
 * What an operation works with. If it throws, all of it is undone, its audit events and counts too, and the other
 * operations of the same commit are not touched.
 */
export interface LedgerTransaction {
  readonly db: Kysely<Database>;
  /** Records an event in the same commit, chained behind those before it. */
  audit(event: AuditEvent): void;
  /** Tells subscribers: stored in the same commit for each of them, delivered afterwards. Nothing where there is none. */
  emit(event: PkiEvent): void;
  /** Adds to the number of certificates with that status that expire on that day. */
  count(status: CertificateStatus, notAfter: number, change: number): void;
}

/** One kind of write. Input and output are plain data: they may cross a thread. */
export type Operation<I, O> = (tx: LedgerTransaction, input: I) => Promise<O>;
