import type { KekKem, KekState } from '@vcc-pki/api';
import type { Kysely } from 'kysely';
import type { Database } from '../database.ts';
import { type KekRecord, kekColumns } from '../kek-record.ts';
import { prepared } from '../prepared-query.ts';

/** A line of key-encryption keys. */
export interface KekLineRecord {
  readonly lineId: number;
  readonly name: string;
  readonly kem: KekKem;
  readonly epoch: number;
}

/** Finds a line by its name. */
export const kekLineByName = prepared((db, p: { name: string }) =>
  db.selectFrom('kek_lines').select(['line_id as lineId', 'name', 'kem', 'epoch']).where('name', '=', p.name),
);

/** Finds a version by the number in its id. */
export function kekByNumber(db: Kysely<Database>, number: number): Promise<KekRecord | undefined> {
  return byNumber.first(db, { number });
}

/** Finds the version that new data of a line is encrypted under. */
export function primaryKek(db: Kysely<Database>, lineId: number): Promise<KekRecord | undefined> {
  return primary.first(db, { lineId });
}

/** Finds the version that a certificate was made for. */
export function kekByCertificate(db: Kysely<Database>, certificateId: string): Promise<KekRecord | undefined> {
  return byCertificate.first(db, { certificateId });
}

/** Lists versions newest first, of one line or of all, before a number. */
export function listKeks(
  db: Kysely<Database>,
  filter: { readonly lineId?: number | undefined; readonly before: number; readonly limit: number },
): Promise<KekRecord[]> {
  const { lineId, before, limit } = filter;
  return lineId === undefined ? ofAllLines.all(db, { before, limit }) : ofLine.all(db, { lineId, before, limit });
}

/** The sealed seed of a version; null once it is destroyed. */
export const sealedSeed = prepared((db, p: { number: number }) =>
  db.selectFrom('kek_versions').select(['sealed_seed as sealed', 'root_id as rootId']).where('number', '=', p.number),
);

/** The key-encryption root of the newest version, which a server must have to make another. */
export const newestKekRoot = prepared((db, _: object) =>
  db.selectFrom('kek_versions').select('root_id as rootId').where('number', '>=', 1).orderBy('number', 'desc').limit(1),
);

/** The lines of which the admin API granted a service something. */
export const kekGrantsOfService = prepared((db, p: { serviceId: string }) =>
  db
    .selectFrom('kek_grants')
    .innerJoin('kek_lines', 'kek_lines.line_id', 'kek_grants.line_id')
    .select([
      'kek_lines.line_id as lineId',
      'kek_lines.name as name',
      'kek_lines.kem as kem',
      'kek_lines.epoch as epoch',
    ])
    .where('kek_grants.service_id', '=', p.serviceId)
    .orderBy('kek_grants.line_id'),
);

/** What the admin API granted a service of one line. */
export const kekGrant = prepared((db, p: { serviceId: string; lineId: number }) =>
  db.selectFrom('kek_grants').select('grants').where('service_id', '=', p.serviceId).where('line_id', '=', p.lineId),
);

/** What the admin API granted of a line, by service. */
export const kekGrantsOfLine = prepared((db, p: { lineId: number; limit: number }) =>
  db
    .selectFrom('kek_grants')
    .select(['service_id as serviceId', 'grants'])
    .where('line_id', '=', p.lineId)
    .orderBy('service_id')
    .limit(p.limit),
);

/** The processes that use a line. */
export const kekConsumers = prepared((db, p: { lineId: number; limit: number }) =>
  db
    .selectFrom('kek_consumers')
    .select([
      'service_id as serviceId',
      'instance',
      'acknowledged_epoch as acknowledgedEpoch',
      'poll_interval_ms as pollIntervalMs',
      'last_seen as lastSeen',
    ])
    .where('line_id', '=', p.lineId)
    .orderBy('service_id')
    .orderBy('instance')
    .limit(p.limit),
);

/** The services that were given versions of a line, and what their scans found. */
export const kekHolders = prepared((db, p: { lineId: number; limit: number }) =>
  db
    .selectFrom('kek_holders')
    .select(['service_id as serviceId', 'version', 'could_write as couldWrite', 'records', 'clean_scans as cleanScans'])
    .where('line_id', '=', p.lineId)
    .orderBy('version', 'desc')
    .orderBy('service_id')
    .limit(p.limit),
);

/** The changes of a line, newest first. */
export const kekLog = prepared((db, p: { lineId: number; limit: number }) =>
  db
    .selectFrom('kek_log')
    .innerJoin('kek_versions', 'kek_versions.number', 'kek_log.number')
    .select([
      'kek_log.epoch as epoch',
      'kek_log.number as number',
      'kek_versions.version as version',
      'kek_log.from_state as fromState',
      'kek_log.to_state as toState',
      'kek_log.cause as cause',
      'kek_log.forced as forced',
      'kek_log.at as at',
    ])
    .where('kek_log.line_id', '=', p.lineId)
    .orderBy('kek_log.epoch', 'desc')
    .orderBy('kek_log.number', 'desc')
    .limit(p.limit),
);

function versions(db: Kysely<Database>) {
  return db
    .selectFrom('kek_versions')
    .innerJoin('kek_lines', 'kek_lines.line_id', 'kek_versions.line_id')
    .innerJoin('certificates', 'certificates.certificate_id', 'kek_versions.certificate_id')
    .select(kekColumns);
}

const byNumber = prepared((db, p: { number: number }) => versions(db).where('kek_versions.number', '=', p.number));

const primaryState: KekState = 'PRIMARY';

const primary = prepared((db, p: { lineId: number }) =>
  versions(db).where('kek_versions.line_id', '=', p.lineId).where('kek_versions.state', '=', primaryState),
);

const byCertificate = prepared((db, p: { certificateId: string }) =>
  versions(db).where('kek_versions.certificate_id', '=', p.certificateId),
);

const ofAllLines = prepared((db, p: { before: number; limit: number }) =>
  versions(db).where('kek_versions.number', '<', p.before).orderBy('kek_versions.number', 'desc').limit(p.limit),
);

const ofLine = prepared((db, p: { lineId: number; before: number; limit: number }) =>
  versions(db)
    .where('kek_versions.line_id', '=', p.lineId)
    .where('kek_versions.number', '<', p.before)
    .orderBy('kek_versions.number', 'desc')
    .limit(p.limit),
);
