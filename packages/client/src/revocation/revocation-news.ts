import type { SerialNumber } from '@vcc-pki/x509';

/** What is known of one issuer's revocations, signed and verified: a snapshot with its deltas. */
export interface RevocationNews {
  /** Milliseconds since the epoch. */
  readonly nextUpdate: number;
  isRevoked(serialNumber: SerialNumber): boolean;
}
