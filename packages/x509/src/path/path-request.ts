import type { AlgorithmPolicy } from './algorithms.ts';
import type { Conformance } from './check-profile.ts';
import type { PathLimits } from './limits.ts';
import type { PolicyInput } from './policy/policy-state.ts';
import type { PathPurpose } from './purpose.ts';
import type { RevocationMode } from './revocation/revocation-context.ts';

/** What is to be verified, with what, and by which rules. All certificates, CRLs and responses are DER. */
export interface CertificationPathRequest {
  readonly endEntity: Uint8Array;
  /** Certificates that may help, in any order; none is trusted, and those that are malformed or do not fit are ignored. */
  readonly intermediates: Iterable<Uint8Array>;
  /** Certificates that are trusted; of one that cannot be parsed no path leads anywhere. */
  readonly trustAnchors: Iterable<Uint8Array>;
  readonly crls?: Iterable<Uint8Array>;
  readonly ocspResponses?: Iterable<Uint8Array>;
  /** The time for which the path must be valid: milliseconds since the epoch, or a Date. */
  readonly at: number | Date;
  /** What the end entity's key is used for. Default: anything. */
  readonly purpose?: PathPurpose;
  /** DNS name or IP address of the server that was meant to be reached. Default: any. */
  readonly serverName?: string;
  /**
   * `require`: the revocation of every certificate but the trust anchor must be known. `ifPresent` (default): it must be
   * known where a CRL or OCSP response at hand speaks of the certificate. `none`: it is not looked at.
   */
  readonly revocation?: RevocationMode;
  readonly policies?: PolicyInput;
  readonly limits?: Partial<PathLimits>;
  /** Default `strict`. */
  readonly algorithms?: AlgorithmPolicy;
  /** Default `validation`: what RFC 5280 s6 asks of those who validate. */
  readonly conformance?: Conformance;
}
