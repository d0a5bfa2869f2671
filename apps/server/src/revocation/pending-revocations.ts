import type { Revocation } from '../store/index.ts';

/** Which shards lack revocations, and from which revision on. */
export class PendingRevocations {
  readonly #shards = new Map<number, { first: number; last: number }>();

  #newest = 0;

  /** Notes a revocation, unless the CRL of its shard covers it. */
  note({ shard, revision }: Pick<Revocation, 'shard' | 'revision'>, coveredRevision: number): void {
    this.#newest = Math.max(this.#newest, revision);
    if (revision <= coveredRevision) return;
    const pending = this.#shards.get(shard);
    this.#shards.set(shard, {
      first: Math.min(pending?.first ?? revision, revision),
      last: Math.max(pending?.last ?? revision, revision),
    });
  }

  /** Notes that a shard's CRL covers everything up to a revision. */
  covered(shard: number, revision: number): void {
    const pending = this.#shards.get(shard);
    if (pending === undefined) return;
    if (revision >= pending.last) this.#shards.delete(shard);
    else pending.first = Math.max(pending.first, revision + 1);
  }

  has(shard: number): boolean {
    return this.#shards.has(shard);
  }

  /** The oldest revision that some shard lacks; infinite when none lacks any. */
  oldest(): number {
    let oldest = Number.POSITIVE_INFINITY;
    for (const { first } of this.#shards.values()) oldest = Math.min(oldest, first);
    return oldest;
  }

  /** The newest revision that was ever noted; 0 before the first. */
  get newest(): number {
    return this.#newest;
  }
}
