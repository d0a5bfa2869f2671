import type { Kysely } from 'kysely';
import type { Database } from '../database.ts';

export interface BlockedKey {
  readonly spkiSha256: string;
  readonly blockedAt: number;
}

/** Finds which of some public keys are blocked. */
export async function blockedKeys(db: Kysely<Database>, spkiSha256: readonly string[]): Promise<BlockedKey[]> {
  if (spkiSha256.length === 0) return [];
  return await db
    .selectFrom('blocked_keys')
    .select(['spki_sha256 as spkiSha256', 'blocked_at as blockedAt'])
    .where('spki_sha256', 'in', spkiSha256)
    .execute();
}
