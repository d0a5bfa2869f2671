import type { Conformance } from '../check-profile.ts';
import type { Budget } from '../limits.ts';
import type { PathCertificate } from '../path-certificate.ts';
import type { SignatureChecks } from '../signature-checks.ts';

/** Whether revocation must be known, is looked at where something at hand speaks of it, or is left out. */
export type RevocationMode = 'require' | 'ifPresent' | 'none';

/** What checking the revocation of certificates needs beside the evidence itself. */
export interface RevocationContext {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly mode: RevocationMode;
  readonly conformance: Conformance;
  readonly signatures: SignatureChecks;
  readonly budget: Budget;
  /** All certificates at hand of a subject, given by its comparison text. */
  candidates(subject: string): readonly PathCertificate[];
  /**
   * Validates the path of a certificate that signed evidence but is not in the path it is evidence for.
   * @throws {@link PathError} unless it leads to that trust anchor
   */
  validate(certificate: PathCertificate, anchor: PathCertificate): Promise<void>;
}

/** A certificate whose revocation is in question, within its path. */
export interface CertificateInPath {
  /** End entity first, trust anchor last. */
  readonly chain: readonly PathCertificate[];
  /** Never that of the trust anchor. */
  readonly index: number;
}
