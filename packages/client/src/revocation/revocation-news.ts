import type { SerialNumber } from '@vcc-pki/x509';

/** What is known of one issuer's revocations, signed and verified: a snapshot with its deltas. */
export interface RevocationNews {
  /** Counts up with each change at the server. */
  readonly revision: number;
  /** Milliseconds since the epoch. */
  readonly thisUpdate: number;
  /** Milliseconds since the epoch. */
  readonly nextUpdate: number;
  isRevoked(serialNumber: SerialNumber): boolean;
}
