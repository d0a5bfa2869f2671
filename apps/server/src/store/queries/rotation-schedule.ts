import { type Kysely, type SqlBool, sql } from 'kysely';
import type { Database } from '../database.ts';
import { isIssued } from '../issued.ts';
import { prepared } from '../prepared-query.ts';
import type { RotationProof, RotationStage, RotationStatus } from '../tables/rotation.ts';

/** How the renewal of a certificate goes. */
export interface RotationRecord {
  readonly certificateId: string;
  readonly serviceId: string;
  readonly windowStart: number;
  readonly windowEnd: number;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly status: RotationStatus;
  readonly stage: RotationStage;
  readonly reminders: number;
  readonly lastCheck: number | null;
  readonly proof: RotationProof;
  readonly replaces: string | null;
  readonly replacedBy: string | null;
}

/** A row whose time has come, with what the scheduler has to know about its certificate. */
export interface DueRotation extends Omit<RotationRecord, 'replaces' | 'replacedBy' | 'proof'> {
  readonly dueAt: number;
  readonly commonName: string;
  readonly serialNumber: string;
  readonly issuedAt: number | null;
  /** 0: the service is registered as one that does not renew by itself. */
  readonly autoRenew: number;
}

/** What to select for both. */
const columns = [
  'schedule.certificate_id as certificateId',
  'schedule.service_id as serviceId',
  'schedule.scheduled_renewal_date as windowStart',
  'schedule.window_end as windowEnd',
  'certificate.not_before as notBefore',
  'certificate.not_after as notAfter',
  'schedule.status as status',
  'schedule.stage as stage',
  'schedule.reminders as reminders',
  'schedule.last_check as lastCheck',
] as const;

/** Those that the scheduler has to look at by now, the longest waiting first. */
export const dueRotations = prepared<{ now: number; limit: number }, DueRotation>((db, p) =>
  db
    .selectFrom('rotation_schedule as schedule')
    .innerJoin('certificates as certificate', 'certificate.certificate_id', 'schedule.certificate_id')
    .innerJoin('services as service', 'service.service_id', 'schedule.service_id')
    .select([
      ...columns,
      sql<number>`"schedule"."due_at"`.as('dueAt'),
      'certificate.common_name as commonName',
      'certificate.serial_number as serialNumber',
      'certificate.issued_at as issuedAt',
      'service.auto_renew as autoRenew',
    ])
    .where('schedule.due_at', '<=', p.now)
    .orderBy('schedule.due_at')
    .orderBy('schedule.certificate_id')
    .limit(p.limit),
);

/** What a list of renewals shows. */
export type RenewalList = 'due' | 'overdue' | 'unproven' | 'renewed' | 'failed' | 'archived';

export interface RenewalFilter {
  readonly list: RenewalList;
  readonly service: string | undefined;
  readonly limit: number;
  /** The last one of the page before. */
  readonly after: RenewalPlace | undefined;
  readonly now: number;
}

/** Lists are in the order of windows. */
export interface RenewalPlace {
  readonly windowStart: number;
  readonly certificateId: string;
}

const statusOfList = {
  due: 'pending',
  overdue: 'pending',
  renewed: 'completed',
  failed: 'failed',
  archived: 'archived',
} as const satisfies Record<Exclude<RenewalList, 'unproven'>, RotationStatus>;

/** Lists renewals along the index of their list; those of a service along the service's own certificates. */
export async function listRenewals(db: Kysely<Database>, filter: RenewalFilter): Promise<RotationRecord[]> {
  const { list, service, after = { windowStart: -1, certificateId: '' }, now } = filter;
  let query = db
    .selectFrom('rotation_schedule as schedule')
    .innerJoin('certificates as certificate', 'certificate.certificate_id', 'schedule.certificate_id')
    .select([
      ...columns,
      'schedule.proof as proof',
      'certificate.replaces as replaces',
      'certificate.replaced_by as replacedBy',
    ])
    .where((eb) =>
      eb(
        eb.refTuple('schedule.scheduled_renewal_date', 'schedule.certificate_id'),
        '>',
        eb.tuple(after.windowStart, after.certificateId),
      ),
    );
  query =
    list === 'unproven'
      ? query.where(sql<SqlBool>`"schedule"."proof" = 'wanted'`)
      : query.where('schedule.status', '=', statusOfList[list]);
  if (list === 'due' || list === 'overdue') query = query.where('schedule.scheduled_renewal_date', '<=', now);
  if (list === 'overdue') query = query.where('schedule.window_end', '<', now);
  if (service !== undefined) {
    query = query.where('certificate.service_id', '=', service).where(sql<SqlBool>`"certificate"."status" != 'intent'`);
  }
  return await query
    .orderBy('schedule.scheduled_renewal_date')
    .orderBy('schedule.certificate_id')
    .limit(filter.limit)
    .execute();
}

/** How many renewals there are that somebody should know of. */
export interface RenewalCounts {
  readonly due: number;
  readonly overdue: number;
  readonly alert: number;
  readonly unproven: number;
}

/** Counts along the indexes of the lists: it costs what there is to complain of. */
export async function renewalCounts(db: Kysely<Database>, now: number): Promise<RenewalCounts> {
  const pending = await countPending.first(db, { now });
  const wanted = await countUnproven.first(db, {});
  return {
    due: Number(pending?.due ?? 0),
    overdue: Number(pending?.overdue ?? 0),
    alert: Number(pending?.alert ?? 0),
    unproven: Number(wanted?.unproven ?? 0),
  };
}

const countPending = prepared((db, p: { now: number }) =>
  db
    .selectFrom('rotation_schedule')
    .select((eb) => [
      eb.fn.countAll<number>().as('due'),
      eb.fn.sum<number>(eb.case().when('window_end', '<', p.now).then(1).else(0).end()).as('overdue'),
      eb.fn.sum<number>(eb.case().when('stage', '=', 'alert').then(1).else(0).end()).as('alert'),
    ])
    .where('status', '=', 'pending')
    .where('scheduled_renewal_date', '<=', p.now),
);

const countUnproven = prepared((db, _: object) =>
  db
    .selectFrom('rotation_schedule')
    .select((eb) => eb.fn.countAll<number>().as('unproven'))
    .where(sql<SqlBool>`"proof" = 'wanted'`)
    .where('scheduled_renewal_date', '>', -1),
);

/** The rules that the schedule was made by; undefined: it was never made as a whole. */
export async function rotationRules(db: Kysely<Database>): Promise<string | undefined> {
  return (await rulesRow.first(db, {}))?.rules;
}

const rulesRow = prepared((db, _: object) => db.selectFrom('rotation_rules').select('rules').where('id', '=', 1));

/** An active certificate, as far as its place in the schedule follows from it. */
export interface ScheduledCertificate {
  readonly certificateId: string;
  readonly serviceId: string;
  readonly issuerId: string;
  readonly spkiSha256: string;
  readonly profile: string;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly createdAt: number;
  readonly replacedBy: string | null;
}

/** The next active certificates behind one, in the order of their making. */
export const activeCertificatesBehind = prepared<
  { createdAt: number; certificateId: string; limit: number },
  ScheduledCertificate
>((db, p) =>
  db
    .selectFrom('certificates')
    .select([
      'certificate_id as certificateId',
      'service_id as serviceId',
      'issuer_id as issuerId',
      'spki_sha256 as spkiSha256',
      'profile',
      'not_before as notBefore',
      'not_after as notAfter',
      'created_at as createdAt',
      'replaced_by as replacedBy',
    ])
    .where(isIssued)
    .where('status', '=', 'active')
    .where((eb) => eb(eb.refTuple('created_at', 'certificate_id'), '>', eb.tuple(p.createdAt, p.certificateId)))
    .orderBy('created_at')
    .orderBy('certificate_id')
    .limit(p.limit),
);
