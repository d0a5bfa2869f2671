import type { KekGroupMode } from '@vcc-pki/api';

/** Groups of lines; never deleted, so that no name is given again under which records exist. */
export interface KekGroupsTable {
  line_id: number;
  tenant: string;
  name: string;
  mode: KekGroupMode;
  /** The newest of its epochs. */
  epoch: number;
  created_at: number;
}

/** Every epoch of a group, from 1; without key where the group is derived. */
export interface KekGroupEpochsTable {
  line_id: number;
  tenant: string;
  name: string;
  epoch: number;
  /** Names the key-encryption root under which the key is sealed. */
  root_id: string | null;
  /** See keks/seed-vault.ts. */
  sealed_key: Uint8Array | null;
  /** See groupKeyId of @vcc-pki/kek. */
  key_id: string | null;
  started_at: number;
}

/** The services that a group consists of now. */
export interface KekGroupMembersTable {
  line_id: number;
  tenant: string;
  name: string;
  service_id: string;
  added_at: number;
}
