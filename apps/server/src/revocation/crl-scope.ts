/** The kinds of CRLs; what metrics tell apart, since there may be a thousand shards. */
export type CrlScopeKind = 'full' | 'delta' | 'shard';

export const crlScopeKinds: readonly CrlScopeKind[] = ['full', 'delta', 'shard'];

/** The kind of a scope as the ledger names it: `full`, `delta`, or the number of a shard in decimal. */
export function scopeKind(scope: string): CrlScopeKind {
  return scope === 'full' || scope === 'delta' ? scope : 'shard';
}
