import type { RenewalInfo } from '@vcc-pki/api';
import type { KeptCertificate } from './kept-certificate.ts';

/** What a keeper tells, by the names of its events. */
export interface KeeperEvents {
  /** Another pair is in use: enrolled, renewed, or put on the disk by somebody else. */
  readonly changed: [current: KeptCertificate, previous: KeptCertificate | undefined];
  /** A first certificate came for a token. */
  readonly enrolled: [current: KeptCertificate];
  /** A new certificate came in place of the one before. */
  readonly renewed: [current: KeptCertificate, previous: KeptCertificate];
  /** An attempt failed; there will be another one. */
  readonly renewalFailed: [failure: RenewalFailure];
  /** The server proposes another window than before: it is in the past when the certificate is in danger. */
  readonly windowMoved: [info: RenewalInfo];
  /** The server could not be asked when to renew; what is known stays true. */
  readonly serverUnreachable: [error: Error];
  /** The certificate is not valid any more. */
  readonly expired: [current: KeptCertificate];
  /** The certificate cannot renew itself any more: it has expired, or the server does not know it or has revoked it. */
  readonly enrolmentNeeded: [reason: Error];
  /** The clocks of this machine and of the server are further apart than certificates bear. */
  readonly clockSkew: [skew: ClockSkew];
}

/** A renewal that did not come to its end. */
export interface RenewalFailure {
  readonly error: Error;
  /** 1 for the first since the last success. */
  readonly attempt: number;
  /** Milliseconds since the epoch. */
  readonly nextAttemptAt: number;
  readonly notAfter: number | undefined;
}

/** Two clocks; milliseconds since the epoch. */
export interface ClockSkew {
  readonly now: number;
  readonly serverNow: number;
}

/** Where a keeper stands; times in milliseconds since the epoch. */
export interface KeeperStatus {
  /**
   * `valid`; `due`: the moment to renew has come, attempts fail so far; `expired`; `enrolmentNeeded`: only a token or an
   * operator can help; `none`: no certificate yet.
   */
  readonly state: 'none' | 'valid' | 'due' | 'expired' | 'enrolmentNeeded';
  readonly certificateId: string | undefined;
  readonly fingerprintSha256: string | undefined;
  readonly notAfter: number | undefined;
  /** When it will be renewed. */
  readonly renewAt: number | undefined;
  /** After failures: when it is tried again. */
  readonly nextAttemptAt: number | undefined;
  readonly lastError: Error | undefined;
  readonly lastSuccessAt: number | undefined;
  /** How far the clock of the server is ahead; undefined before the first answer. */
  readonly clockOffsetMs: number | undefined;
  readonly counters: KeeperCounters;
}

/** Counted since the start. */
export interface KeeperCounters {
  readonly enrolments: number;
  readonly renewals: number;
  readonly failures: number;
  /** Failures since the last success. */
  readonly failuresInARow: number;
}
