import type { SerialNumber } from '@vcc-pki/x509';

/** What is known of one issuer's revocations, signed and verified: its CRL, or a snapshot with its deltas. */
export interface RevocationNews {
  /** Milliseconds since the epoch. */
  readonly thisUpdate: number;
  readonly nextUpdate: number;
  isRevoked(serialNumber: SerialNumber): boolean;
}
