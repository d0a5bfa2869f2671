import type { Oid } from '@vcc-pki/asn1';
import type { Certificate } from '../certificate.ts';

/** A certification path that holds, from the end entity to the trust anchor. */
export interface VerifiedPath {
  /** DER, end entity first, trust anchor last; one certificate only when the end entity is itself the anchor. */
  readonly chain: readonly Uint8Array[];
  /** The same, parsed. */
  readonly certificates: readonly Certificate[];
  /** The user-constrained policy set (RFC 5280 s6.1.6, RFC 9618 s5.6) as dotted OIDs; anyPolicy stands for all. */
  readonly policies: readonly Oid[];
  /** For each certificate but the trust anchor, end entity first. */
  readonly revocation: readonly RevocationEvidence[];
}

/** What is known about the revocation of one certificate. */
export interface RevocationEvidence {
  /** Which certificate of the chain. */
  readonly index: number;
  /**
   * `good`: not revoked, by the `sources`. `notRevocable`: its issuer publishes nothing about it (RFC 9608, or
   * ocsp-nocheck). `notChecked`: nobody asked, or nothing at hand speaks of it and it was not required.
   */
  readonly status: 'good' | 'notRevocable' | 'notChecked';
  readonly sources: readonly RevocationSource[];
}

/** What was relied on; times in milliseconds since the epoch. */
export type RevocationSource =
  | {
      readonly type: 'crl' | 'deltaCrl';
      readonly thisUpdate: number;
      readonly nextUpdate: number;
      readonly crlNumber?: bigint;
    }
  | { readonly type: 'ocsp'; readonly producedAt: number; readonly thisUpdate: number; readonly nextUpdate: number };
