import type { Generated } from 'kysely';

/** What is revoked; CRLs are made from this table alone. */
export interface CrlTable {
  id: Generated<number>;
  certificate_id: string;
  issuer_id: string;
  serial_number: string;
  not_after: number;
  revoked_at: number;
  revocation_reason: string;
  /** The DER of the CRL entry (RFC 5280 s5.1.2.6), made once, at the revocation. */
  entry_der: Uint8Array;
  /** See crl-shard.ts; -1: not settled yet. */
  shard: number;
  /** The entry goes when a CRL made after this time has listed it (RFC 5280 s3.3): its expiry, or a later revocation. */
  listed_until: number;
  /** Counts the changes of the issuer's list, from 1: a CRL that covers a revision has everything up to it. */
  revision: number;
  /** 1: the entry was another one before (a change to keyCompromise). */
  amended: Generated<number>;
}

export interface PublishedCrlsTable {
  issuer_id: string;
  /** `full`, `delta`, or the number of a shard in decimal. */
  scope: string;
  /** The CRL number (RFC 5280 s5.2.3). */
  number: number;
  this_update: number;
  next_update: number;
  sha256: string;
  /** Counts publications of all issuers and scopes, from 1, in the order of their commits. */
  sequence: number;
  /** When it became the newest of its scope; whole seconds, and no two of a scope in the same (HTTP Last-Modified). */
  published_at: number;
  /** Every change of the issuer's list up to this one is in it. */
  revision: number;
  /** How many certificates it lists. */
  entries: number;
  /** When its list was read from the ledger as a whole, and not continued from the CRL before. */
  read_at: number;
  /** Of a delta CRL: the number of the full CRL that it adds to (RFC 5280 s5.2.4). */
  base_number: number | null;
}

/** The DER of published CRLs, in parts, so that a large one never holds up the other writers. */
export interface PublishedCrlPartsTable {
  issuer_id: string;
  scope: string;
  number: number;
  /** From 0. */
  part: number;
  der: Uint8Array;
}

/** Who may publish the next CRL of a scope, and until when. */
export interface CrlLeasesTable {
  issuer_id: string;
  scope: string;
  owner: string;
  leased_until: number;
}
