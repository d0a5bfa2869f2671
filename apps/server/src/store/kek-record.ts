import type { KekKem, KekState } from '@vcc-pki/api';

/** The profile of the certificates of KEKs. */
export const kekProfileName = 'kek';

/** A version of a line as the ledger knows it, with its certificate and without its seed. */
export interface KekRecord {
  /** The number in `kek_123`. */
  readonly number: number;
  readonly lineId: number;
  readonly line: string;
  readonly version: number;
  readonly kem: KekKem;
  readonly state: KekState;
  /** 0 or 1. */
  readonly compromised: number;
  /** 0 or 1. */
  readonly revoked: number;
  /** Of the line. */
  readonly epoch: number;
  readonly publishedEpoch: number;
  readonly retiredEpoch: number | null;
  readonly notBeforeWrite: number;
  readonly notAfterWrite: number;
  readonly createdAt: number;
  readonly stateChangedAt: number;
  readonly rootId: string;
  readonly certificateId: string;
  readonly serialNumber: string;
  readonly tbsDer: Uint8Array | null;
  readonly signature: Uint8Array | null;
}

/** What to select from `kek_versions`, `kek_lines` and `certificates` for a {@link KekRecord}. */
export const kekColumns = [
  'kek_versions.number as number',
  'kek_versions.line_id as lineId',
  'kek_lines.name as line',
  'kek_versions.version as version',
  'kek_versions.kem as kem',
  'kek_versions.state as state',
  'kek_versions.compromised as compromised',
  'kek_versions.revoked as revoked',
  'kek_lines.epoch as epoch',
  'kek_versions.published_epoch as publishedEpoch',
  'kek_versions.retired_epoch as retiredEpoch',
  'kek_versions.not_before_write as notBeforeWrite',
  'kek_versions.not_after_write as notAfterWrite',
  'kek_versions.created_at as createdAt',
  'kek_versions.state_changed_at as stateChangedAt',
  'kek_versions.root_id as rootId',
  'kek_versions.certificate_id as certificateId',
  'certificates.serial_number as serialNumber',
  'certificates.tbs_der as tbsDer',
  'certificates.signature as signature',
] as const;

/** The id of a version on the wire. */
export function kekId(number: number): string {
  return `kek_${number}`;
}

/** The number in the id of a version; `undefined` for what is none. */
export function kekNumber(id: string): number | undefined {
  const [, digits] = /^kek_([1-9][0-9]{0,9})$/.exec(id) ?? [];
  return digits === undefined ? undefined : Number(digits);
}
