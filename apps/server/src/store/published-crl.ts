/** What the ledger knows of a signed CRL, beside its DER. Times are milliseconds since the epoch. */
export interface PublishedCrl {
  readonly issuerId: string;
  /** `full`, `delta`, or the number of a shard in decimal. */
  readonly scope: string;
  readonly number: number;
  readonly thisUpdate: number;
  readonly nextUpdate: number;
  /** Of the DER, lower-case hex. */
  readonly sha256: string;
  /** Every change of the issuer's list up to this one is in it. */
  readonly revision: number;
  /** How many certificates it lists. */
  readonly entries: number;
  /** When its list was read from the ledger as a whole, and not continued from the CRL before. */
  readonly readAt: number;
  /** Of a delta CRL: the full CRL that it adds to. */
  readonly baseNumber: number | null;
  /** Place among all publications. */
  readonly sequence: number;
  /** Whole seconds, and later than those of the CRL before it. */
  readonly publishedAt: number;
}

/** What to select from `published_crls` for a {@link PublishedCrl}. */
export const publishedCrlColumns = [
  'issuer_id as issuerId',
  'scope',
  'number',
  'this_update as thisUpdate',
  'next_update as nextUpdate',
  'sha256',
  'revision',
  'entries',
  'read_at as readAt',
  'base_number as baseNumber',
  'sequence',
  'published_at as publishedAt',
] as const;

/**
 * A full CRL and its deltas are numbered together (RFC 5280 s5.2.4) and published one at a time; the two names of that
 * space, or the one of a shard.
 */
export function numberSpaceOf(scope: string): readonly [string, ...string[]] {
  return scope === 'delta' ? ['full', 'delta'] : scope === 'full' ? ['full', 'delta'] : [scope];
}
