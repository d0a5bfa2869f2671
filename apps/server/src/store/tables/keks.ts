import type { KekKem, KekState } from '@vcc-pki/api';
import type { Generated } from 'kysely';

/** Lines of key-encryption keys. */
export interface KekLinesTable {
  /** Counted up; in headers of ciphertexts. */
  line_id: number;
  name: string;
  kem: KekKem;
  /** Counts the changes of states, from 1. */
  epoch: Generated<number>;
  /** The last version that was given out, be there a key of it or not. */
  last_version: number;
  created_at: number;
}

/** Versions of lines; a destroyed one keeps its row, so that its id is never given again. */
export interface KekVersionsTable {
  /** Counted up over all lines: the number in `kek_123`. */
  number: number;
  line_id: number;
  version: number;
  kem: KekKem;
  /** One PRIMARY of each line, by a unique index. */
  state: KekState;
  compromised: Generated<number>;
  /** Whether its certificate is revoked. */
  revoked: Generated<number>;
  certificate_id: string;
  /** Names the key-encryption root under which the seed is sealed. */
  root_id: string;
  /** See keks/seed-vault.ts; null once destroyed. */
  sealed_seed: Uint8Array | null;
  not_before_write: number;
  not_after_write: number;
  /** The epoch at which it was made: who has acknowledged that one has the key. */
  published_epoch: number;
  /** The epoch at which it was last taken back from PRIMARY: scans of an earlier one prove nothing. */
  retired_epoch: number | null;
  created_at: number;
  state_changed_at: number;
}

/** Every change of a state, in the order of the line's epochs. */
export interface KekLogTable {
  line_id: number;
  epoch: number;
  number: number;
  /** Null: it was made. */
  from_state: KekState | null;
  to_state: KekState;
  cause: string;
  forced: number;
  at: number;
}

/** Who may have what of a line, beside what the whitelist says. */
export interface KekGrantsTable {
  service_id: string;
  line_id: number;
  /** Names with commas between: `read,write`. */
  grants: string;
  granted_at: number;
}

/** The processes that use a line. */
export interface KekConsumersTable {
  line_id: number;
  service_id: string;
  instance: string;
  acknowledged_epoch: number;
  poll_interval_ms: number;
  last_seen: number;
}

/** The services that were given a version, and what their scans found. */
export interface KekHoldersTable {
  line_id: number;
  version: number;
  service_id: string;
  /** Whether it had the grant `write` when it was given the version. */
  could_write: number;
  /** Null: no scan yet. */
  records: number | null;
  /** In a row without records, since the version was last taken back from PRIMARY. */
  clean_scans: Generated<number>;
  scanned_at: number | null;
}
