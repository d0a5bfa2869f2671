import type { KekConsumer, KekGrant, KekHolder, KekLogEntry, KekResource } from '@vcc-pki/api';
import { issuedPem, type KekRecord, kekId } from '../../store/index.ts';
import { wireTime } from './certificate-resource.ts';

/** A version as the wire shows it. */
export function toKekResource(kek: KekRecord, grants: readonly KekGrant[]): KekResource {
  return {
    id: kekId(kek.number),
    line: kek.line,
    line_id: kek.lineId,
    version: kek.version,
    kem: kek.kem,
    state: kek.state,
    compromised: kek.compromised === 1,
    revoked: kek.revoked === 1,
    epoch: kek.epoch,
    not_before_write: wireTime(kek.notBeforeWrite),
    not_after_write: wireTime(kek.notAfterWrite),
    valid_until: wireTime(kek.notAfterWrite),
    created_at: wireTime(kek.createdAt),
    state_changed_at: wireTime(kek.stateChangedAt),
    certificate_id: kek.certificateId,
    serial_number: kek.serialNumber,
    cert: issuedPem(kek),
    grants: [...grants],
  };
}

/** A row of the ledger's consumers. */
export interface ConsumerRow {
  readonly serviceId: string;
  readonly instance: string;
  readonly acknowledgedEpoch: number;
  readonly pollIntervalMs: number;
  readonly lastSeen: number;
}

export function toConsumer(row: ConsumerRow, at: { readonly now: number; readonly liveMs: number }): KekConsumer {
  return {
    service_id: row.serviceId,
    instance: row.instance,
    acknowledged_epoch: row.acknowledgedEpoch,
    live: at.now - row.lastSeen <= Math.max(at.liveMs, 2 * row.pollIntervalMs),
    last_seen: wireTime(row.lastSeen),
  };
}

export function toHolder(row: {
  readonly serviceId: string;
  readonly version: number;
  readonly couldWrite: number;
  readonly records: number | null;
  readonly cleanScans: number;
}): KekHolder {
  return {
    service_id: row.serviceId,
    version: row.version,
    could_write: row.couldWrite === 1,
    records: row.records,
    clean_scans: row.cleanScans,
  };
}

export function toLogEntry(row: {
  readonly epoch: number;
  readonly number: number;
  readonly version: number;
  readonly fromState: KekLogEntry['from'];
  readonly toState: KekLogEntry['to'];
  readonly cause: string;
  readonly forced: number;
  readonly at: number;
}): KekLogEntry {
  return {
    epoch: row.epoch,
    id: kekId(row.number),
    version: row.version,
    from: row.fromState,
    to: row.toState,
    cause: row.cause,
    forced: row.forced === 1,
    at: wireTime(row.at),
  };
}
