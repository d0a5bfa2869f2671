import { type Expression, expressionBuilder, type Kysely, type SqlBool, sql } from 'kysely';
import { type CertificateRecord, certificateColumns } from '../certificate-record.ts';
import type { Database } from '../database.ts';
import { isIntent, isIssued } from '../issued.ts';
import type { CertificateStatus } from '../tables/certificates.ts';
import type { CertificateCursor, CertificateOrder } from './certificate-cursor.ts';
import type { CertificateFilter } from './list-certificates.ts';

/** A list to be read: what, in which order, from where on, how many. */
export interface CertificateWalk {
  readonly filter: CertificateFilter;
  readonly order: CertificateOrder;
  readonly after: CertificateCursor | undefined;
  readonly limit: number;
}

/**
 * Reads a list as one walk along an index per stored status, merged: no filter makes it read more than it shows, save
 * `name` within a service, which looks at the service's own certificates.
 */
export async function walkStatuses(db: Kysely<Database>, walk: CertificateWalk): Promise<CertificateRecord[]> {
  const { filter, order, after, limit } = walk;
  const place = placeOf(order, 'certificates');
  const lists = branchesOf(filter).map((branch) => {
    const conditions = lookedUp(db, branch, conditionsOf(filter, branch));
    if (after !== undefined) conditions.push(place.behind(after));
    const all = db.selectFrom('certificates').select(certificateColumns);
    return all
      .where((eb) => eb.and(conditions))
      .orderBy(place.order)
      .limit(limit)
      .execute();
  });
  return (await Promise.all(lists)).flat().sort(comparators[order]).slice(0, limit);
}

/** Reads a list of a name, whoever has it, along the index of names. */
export async function walkName(
  db: Kysely<Database>,
  { filter, order, after, limit }: CertificateWalk,
  name: string,
): Promise<CertificateRecord[]> {
  const place = placeOf(order, 'certificate_names');
  const eb = expressionBuilder<Database, 'certificates'>();
  const { name: _, ...others } = filter;
  const conditions: Expression<SqlBool>[] = [
    eb.or(branchesOf(filter).map((branch) => eb.and(conditionsOf(others, branch)))),
  ];
  if (after !== undefined) conditions.push(place.behind(after));
  return await db
    .selectFrom('certificate_names')
    .innerJoin('certificates', 'certificates.certificate_id', 'certificate_names.certificate_id')
    .select(certificateColumns)
    .where('certificate_names.name', '=', name.toLowerCase())
    .where(eb.and(conditions))
    .orderBy(place.order)
    .limit(limit)
    .execute();
}

/** One stored status; `overdue` are active ones that the sweep has not reached yet, `current` those it will not. */
interface Branch {
  readonly status: CertificateStatus;
  readonly time?: 'current' | 'overdue';
}

function branchesOf({ status, expiringBefore }: CertificateFilter): readonly Branch[] {
  if (status === 'active') return [{ status: 'active', time: 'current' }];
  if (status === 'expired') return [{ status: 'expired' }, { status: 'active', time: 'overdue' }];
  if (status !== undefined) return [{ status }];
  if (expiringBefore !== undefined) return [{ status: 'active', time: 'current' }];
  return [{ status: 'active' }, { status: 'expired' }, { status: 'revoked' }];
}

function conditionsOf(filter: CertificateFilter, { status, time }: Branch): Expression<SqlBool>[] {
  const eb = expressionBuilder<Database, 'certificates'>();
  const conditions: Expression<SqlBool>[] =
    status === 'intent' ? [isIntent] : [isIssued, eb('certificates.status', '=', status)];
  if (filter.service !== undefined) conditions.push(eb('certificates.service_id', '=', filter.service));
  if (filter.issuer !== undefined) conditions.push(eb('certificates.issuer_id', '=', filter.issuer));
  if (filter.expiringBefore !== undefined) conditions.push(eb('certificates.not_after', '<=', filter.expiringBefore));
  if (filter.name !== undefined) conditions.push(hasName(filter.name));
  if (time === 'current') conditions.push(eb('certificates.not_after', '>=', filter.now));
  if (time === 'overdue') conditions.push(eb('certificates.not_after', '<', filter.now));
  return conditions;
}

/**
 * A count, where `exists` would do: that one a planner may turn around and walk the name instead, and half of all
 * certificates are named `localhost`.
 */
function hasName(name: string): Expression<SqlBool> {
  return sql<SqlBool>`(select count(*) from "certificate_names" where "name" = ${name.toLowerCase()}
    and "created_at" = "certificates"."created_at" and "certificate_id" = "certificates"."certificate_id") = 1`;
}

/**
 * Overdue certificates are few and must be found by their expiry. Seen from outside, only the primary key is left to
 * find them by, and no planner can choose to walk all active ones in the order of the list.
 */
function lookedUp(db: Kysely<Database>, { time }: Branch, conditions: Expression<SqlBool>[]): Expression<SqlBool>[] {
  if (time !== 'overdue') return conditions;
  const eb = expressionBuilder<Database, 'certificates'>();
  const overdue = db.selectFrom('certificates').select('certificate_id').where(eb.and(conditions));
  return [eb('certificates.certificate_id', 'in', overdue)];
}

/** SQL for an order: what to sort by, and what lies behind a cursor. */
function placeOf(order: CertificateOrder, table: 'certificates' | 'certificate_names') {
  const id = sql.ref(`${table}.certificate_id`);
  if (order === 'soonest') {
    const time = sql.ref('certificates.not_after');
    return {
      order: sql`${time} asc, ${id} asc`,
      behind: (after: CertificateCursor) => sql<SqlBool>`(${time}, ${id}) > (${after.time}, ${after.certificateId})`,
    };
  }
  const time = sql.ref(`${table}.created_at`);
  return {
    order: sql`${time} desc, ${id} desc`,
    behind: (after: CertificateCursor) => sql<SqlBool>`(${time}, ${id}) < (${after.time}, ${after.certificateId})`,
  };
}

/** The same orders in JavaScript; ids are ASCII and both databases compare them by bytes. */
const comparators = {
  newest: (a: CertificateRecord, b: CertificateRecord) => b.createdAt - a.createdAt || -compareIds(a, b),
  soonest: (a: CertificateRecord, b: CertificateRecord) => a.notAfter - b.notAfter || compareIds(a, b),
};

function compareIds(a: CertificateRecord, b: CertificateRecord): number {
  if (a.certificateId === b.certificateId) return 0;
  return a.certificateId < b.certificateId ? -1 : 1;
}
