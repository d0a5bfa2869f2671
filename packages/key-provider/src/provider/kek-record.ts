import type { KekResource } from '@vcc-pki/api';
import type { KekDescription } from '../cache/kek-cache.ts';

/** A version as the server lists it, in memory or not. */
export interface KekRecord extends KekDescription {
  readonly isRevoked: boolean;
  /** Lower-case hex: another serial number is another certificate. */
  readonly serialNumber: string;
  readonly certificatePem: string;
  readonly stateChangedAtMs: number;
  readonly mayRead: boolean;
  readonly mayWrite: boolean;
  /** The server does not know it any more. */
  readonly isLost?: boolean;
}

/** @throws RangeError for times that are none */
export function recordFrom(resource: KekResource): KekRecord {
  const { grants } = resource;
  return {
    id: resource.id,
    lineName: resource.line,
    lineId: resource.line_id,
    version: resource.version,
    state: resource.state,
    isCompromised: resource.compromised,
    isRevoked: resource.revoked,
    epoch: resource.epoch,
    notBeforeWriteMs: time(resource.not_before_write),
    notAfterWriteMs: time(resource.not_after_write),
    serialNumber: resource.serial_number,
    certificatePem: resource.cert,
    stateChangedAtMs: time(resource.state_changed_at),
    mayRead: grants.includes('read') || grants.includes('write'),
    mayWrite: grants.includes('write'),
  };
}

function time(text: string): number {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new RangeError(`"${text}" is no time`);
  return ms;
}
