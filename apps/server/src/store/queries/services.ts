import type { ServiceStatus } from '@vcc-pki/api';
import { PkiError } from '@vcc-pki/api/without-schemas';
import type { Kysely } from 'kysely';
import type { Database } from '../database.ts';
import { type PreparedQuery, prepared } from '../prepared-query.ts';
import { isChecked, isInService, isRegistered } from '../registered.ts';
import { type ServiceRecord, serviceColumns } from '../service-record.ts';

/** Finds a registered service by its id. */
export async function serviceById(db: Kysely<Database>, serviceId: string): Promise<ServiceRecord | undefined> {
  const service = await serviceRow.first(db, { serviceId });
  return service?.registeredAt == null ? undefined : service;
}

/** Which services; all given members must hold. */
export interface ServiceFilter {
  readonly type?: string | undefined;
  readonly status?: ServiceStatus | undefined;
  readonly limit: number;
  /** The `nextCursor` of the page before. */
  readonly cursor?: string | undefined;
}

/** A part of a list, by service_id. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** Absent on the last page. */
  readonly nextCursor?: string;
}

/**
 * Lists registered services.
 *
 * @throws PkiError `malformed` for a cursor of another list.
 */
export async function listServices(db: Kysely<Database>, filter: ServiceFilter): Promise<Page<ServiceRecord>> {
  return toPage(await registered[shapeOf(filter)].all(db, walkOf(filter)), filter);
}

/** A service and its current certificate. */
export interface DiscoveredRecord extends ServiceRecord {
  readonly fingerprintSha256: string | null;
  readonly notBefore: number | null;
  readonly tbsDer: Uint8Array | null;
  readonly signature: Uint8Array | null;
}

/** Finds a service that is not retired, with its current certificate. */
export function discoverById(db: Kysely<Database>, serviceId: string): Promise<DiscoveredRecord | undefined> {
  return discoveredService.first(db, { serviceId });
}

/**
 * Lists the services that are not retired, with their current certificates.
 *
 * @throws PkiError `malformed` for a cursor of another list.
 */
export async function discoverServices(db: Kysely<Database>, filter: ServiceFilter): Promise<Page<DiscoveredRecord>> {
  return toPage(await discovered[shapeOf(filter)].all(db, walkOf(filter)), filter);
}

/** A service whose health is to be checked. */
export interface HealthTarget {
  readonly serviceId: string;
  readonly status: ServiceStatus;
  readonly healthCheckUrl: string | null;
}

/** Reads a page of the services whose health is checked, behind an id. */
export function healthTargets(
  db: Kysely<Database>,
  input: { readonly after: string; readonly limit: number },
): Promise<HealthTarget[]> {
  return targets.all(db, input);
}

/** How many registered services are in each state. */
export function serviceCounts(db: Kysely<Database>): Promise<{ status: ServiceStatus; count: number }[]> {
  return db.selectFrom('service_counts').select(['status', 'count']).execute();
}

/** For operations, which ask inside of their transaction: the row of a service, registered or not. */
export const serviceRow: PreparedQuery<{ serviceId: string }, ServiceRecord> = prepared((db, p) =>
  db.selectFrom('services').select(serviceColumns).where('service_id', '=', p.serviceId),
);

type Shape = 'all' | 'type' | 'status' | 'typeAndStatus';

/** A walk along an index, in the order of the ids. */
interface Walk {
  readonly type: string;
  readonly status: ServiceStatus;
  /** Before all ids: the empty text. */
  readonly after: string;
  readonly limit: number;
}

function shapeOf({ type, status }: ServiceFilter): Shape {
  if (type === undefined) return status === undefined ? 'all' : 'status';
  return status === undefined ? 'type' : 'typeAndStatus';
}

/** One more than the page holds, to know whether another follows. */
function walkOf({ type = '', status = 'active', cursor, limit }: ServiceFilter): Walk {
  return { type, status, after: cursor === undefined ? '' : parseCursor(cursor), limit: limit + 1 };
}

function toPage<Item extends { readonly serviceId: string }>(
  found: readonly Item[],
  { limit }: ServiceFilter,
): Page<Item> {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  if (last === undefined || found.length <= limit) return { items };
  return { items, nextCursor: Buffer.from(`service:${last.serviceId}`).toString('base64url') };
}

function parseCursor(cursor: string): string {
  const [, serviceId] = /^service:([a-z0-9-]{1,63})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (serviceId !== undefined) return serviceId;
  throw new PkiError('malformed', 'The cursor belongs to another list.', { field: 'cursor' });
}

const registered: Readonly<Record<Shape, PreparedQuery<Walk, ServiceRecord>>> = {
  all: prepared((db, p) => walkRegistered(db, p)),
  type: prepared((db, p) => walkRegistered(db, p).where('services.service_type', '=', p.type)),
  status: prepared((db, p) => walkRegistered(db, p).where('services.status', '=', p.status)),
  typeAndStatus: prepared((db, p) =>
    walkRegistered(db, p).where('services.service_type', '=', p.type).where('services.status', '=', p.status),
  ),
};

const discovered: Readonly<Record<Shape, PreparedQuery<Walk, DiscoveredRecord>>> = {
  all: prepared((db, p) => walkDiscovered(db, p).where(isInService)),
  type: prepared((db, p) => walkDiscovered(db, p).where(isInService).where('services.service_type', '=', p.type)),
  status: prepared((db, p) => walkDiscovered(db, p).where(isRegistered).where('services.status', '=', p.status)),
  typeAndStatus: prepared((db, p) =>
    walkDiscovered(db, p)
      .where(isRegistered)
      .where('services.service_type', '=', p.type)
      .where('services.status', '=', p.status),
  ),
};

function walkRegistered(db: Kysely<Database>, p: Walk) {
  return db
    .selectFrom('services')
    .select(serviceColumns)
    .where(isRegistered)
    .where('services.service_id', '>', p.after)
    .orderBy('services.service_id')
    .limit(p.limit);
}

function walkDiscovered(db: Kysely<Database>, p: Walk) {
  return withCertificate(db).where('services.service_id', '>', p.after).orderBy('services.service_id').limit(p.limit);
}

function withCertificate(db: Kysely<Database>) {
  return db
    .selectFrom('services')
    .leftJoin('certificates', 'certificates.certificate_id', 'services.certificate_id')
    .select(serviceColumns)
    .select([
      'certificates.fingerprint_sha256 as fingerprintSha256',
      'certificates.not_before as notBefore',
      'certificates.tbs_der as tbsDer',
      'certificates.signature as signature',
    ]);
}

const discoveredService = prepared((db, p: { serviceId: string }) =>
  withCertificate(db).where('services.service_id', '=', p.serviceId).where(isInService),
);

const targets = prepared((db, p: { after: string; limit: number }) =>
  db
    .selectFrom('services')
    .select(['service_id as serviceId', 'status', 'health_check_url as healthCheckUrl'])
    .where(isChecked)
    .where('service_id', '>', p.after)
    .orderBy('service_id')
    .limit(p.limit),
);
