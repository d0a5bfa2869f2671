import type { PkiEvent } from '@vcc-pki/api';
import type { Kysely } from 'kysely';
import type { AuditEvent, JsonObject } from '../../audit/index.ts';
import type { Database } from '../database.ts';
import type { NewRotation } from '../rotation-entry.ts';
import type { CertificateStatus } from '../tables/certificates.ts';

/** What the change feed tells its readers. */
export interface Change {
  /** Name of the event, as the feed has it: `service`, `keks`. */
  readonly event: string;
  readonly data: JsonObject;
  readonly at: number;
}

/** The names that a certificate is found by in lists. */
export interface FiledNames {
  readonly certificateId: string;
  /** Case and repetition do not matter. */
  readonly names: readonly string[];
  /** The certificate's, in milliseconds since the epoch: one index gives a name's certificates in order. */
  readonly createdAt: number;
}

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
  /** Tells the readers of the change feed, of all servers, once it is committed. */
  publish(change: Change): void;
  /** Has the current certificate of a service looked up at the end of the batch: it has got one, or lost one. */
  refresh(serviceId: string, now: number): void;
  /** Files a certificate that is recorded here under its names, for the list filter. */
  file(names: FiledNames): void;
  /** Puts a certificate that is recorded here on the rotation schedule. */
  schedule(rotation: NewRotation): void;
  /** Adds to the number of certificates with that status that expire on that day. */
  count(status: CertificateStatus, notAfter: number, change: number): void;
}

/** One kind of write. Input and output are plain data: they may cross a thread. */
export type Operation<I, O> = (tx: LedgerTransaction, input: I) => Promise<O>;
