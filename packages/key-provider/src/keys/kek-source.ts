import type { KekHandle } from './kek-handle.ts';

/**
 * Where keys come from: PKIKeyProvider, or anything that keeps handles. What is returned is usable at that moment; revoked,
 * stale, disabled versions are refused by throwing a KeyError.
 */
export interface KekSource {
  /** The version of a line that encrypts. Never waits: a write goes on from memory or fails. */
  primary(lineName: string): KekHandle;
  /** A version that decrypts, by the numbers of a record's header. Waits only for a version that is not in memory yet. */
  byVersion(lineId: number, version: number): KekHandle | Promise<KekHandle>;
  /** Whether a line of this number is known at all; without it every number counts as known. */
  knowsLine?(lineId: number): boolean;
}
