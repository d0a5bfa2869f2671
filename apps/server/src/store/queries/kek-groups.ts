import type { KekGroupMode } from '@vcc-pki/api';
import { type Kysely, type SqlBool, sql } from 'kysely';
import type { Database } from '../database.ts';
import { prepared } from '../prepared-query.ts';

/** What a group is found by. */
export interface KekGroupName {
  readonly lineId: number;
  readonly tenant: string;
  readonly name: string;
}

/** A group in its newest epoch, without the key. */
export interface KekGroupRecord extends KekGroupName {
  readonly line: string;
  readonly mode: KekGroupMode;
  readonly epoch: number;
  readonly epochStartedAt: number;
  /** Null: derived. */
  readonly keyId: string | null;
  readonly createdAt: number;
}

/** Which groups of a line, by tenant and name. */
export interface KekGroupFilter {
  readonly lineId: number;
  readonly tenant?: string | undefined;
  /** Those that a service is a member of. */
  readonly serviceId?: string | undefined;
  /** The last one of the page before. */
  readonly after?: { readonly tenant: string; readonly name: string } | undefined;
  readonly limit: number;
}

/** Finds a group. */
export const kekGroup = prepared((db, p: KekGroupName) =>
  groups(db)
    .where('kek_groups.line_id', '=', p.lineId)
    .where('kek_groups.tenant', '=', p.tenant)
    .where('kek_groups.name', '=', p.name),
);

/** Lists groups along the index of the line, or along that of the service. */
export function listKekGroups(db: Kysely<Database>, filter: KekGroupFilter): Promise<KekGroupRecord[]> {
  const { lineId, tenant, serviceId, after = { tenant: tenant ?? '', name: '' }, limit } = filter;
  // One walk for all tenants and for one: names of tenants are ASCII letters and digits, and none comes behind "~".
  const walk = { lineId, afterTenant: after.tenant, afterName: after.name, toTenant: tenant ?? '~', limit };
  return serviceId === undefined ? ofLine.all(db, walk) : ofService.all(db, { ...walk, serviceId });
}

/** The members of a group. */
export const kekGroupMembers = prepared((db, p: KekGroupName & { limit: number }) =>
  db
    .selectFrom('kek_group_members')
    .select('service_id as serviceId')
    .where('line_id', '=', p.lineId)
    .where('tenant', '=', p.tenant)
    .where('name', '=', p.name)
    .orderBy('service_id')
    .limit(p.limit),
);

/** Whether a service is a member. */
export const kekGroupMember = prepared((db, p: KekGroupName & { serviceId: string }) =>
  db
    .selectFrom('kek_group_members')
    .select('service_id as serviceId')
    .where('line_id', '=', p.lineId)
    .where('tenant', '=', p.tenant)
    .where('name', '=', p.name)
    .where('service_id', '=', p.serviceId),
);

interface Walk {
  lineId: number;
  afterTenant: string;
  afterName: string;
  toTenant: string;
  limit: number;
}

const ofLine = prepared((db, p: Walk) =>
  groups(db)
    .where('kek_groups.line_id', '=', p.lineId)
    .where(sql<SqlBool>`("kek_groups"."tenant", "kek_groups"."name") > (${p.afterTenant}, ${p.afterName})`)
    .where('kek_groups.tenant', '<=', p.toTenant)
    .orderBy('kek_groups.tenant')
    .orderBy('kek_groups.name')
    .limit(p.limit),
);

const ofService = prepared((db, p: Walk & { serviceId: string }) =>
  groups(db)
    .innerJoin('kek_group_members as member', (join) =>
      join
        .onRef('member.line_id', '=', 'kek_groups.line_id')
        .onRef('member.tenant', '=', 'kek_groups.tenant')
        .onRef('member.name', '=', 'kek_groups.name'),
    )
    .where('member.service_id', '=', p.serviceId)
    .where('member.line_id', '=', p.lineId)
    .where(sql<SqlBool>`("member"."tenant", "member"."name") > (${p.afterTenant}, ${p.afterName})`)
    .where('member.tenant', '<=', p.toTenant)
    .orderBy('member.tenant')
    .orderBy('member.name')
    .limit(p.limit),
);

function groups(db: Kysely<Database>) {
  return db
    .selectFrom('kek_groups')
    .innerJoin('kek_lines', 'kek_lines.line_id', 'kek_groups.line_id')
    .innerJoin('kek_group_epochs as newest', (join) =>
      join
        .onRef('newest.line_id', '=', 'kek_groups.line_id')
        .onRef('newest.tenant', '=', 'kek_groups.tenant')
        .onRef('newest.name', '=', 'kek_groups.name')
        .onRef('newest.epoch', '=', 'kek_groups.epoch'),
    )
    .select([
      'kek_groups.line_id as lineId',
      'kek_lines.name as line',
      'kek_groups.tenant as tenant',
      'kek_groups.name as name',
      'kek_groups.mode as mode',
      'kek_groups.epoch as epoch',
      'newest.started_at as epochStartedAt',
      'newest.key_id as keyId',
      'kek_groups.created_at as createdAt',
    ]);
}
