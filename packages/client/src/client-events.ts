import type { ClientError } from './client-error.ts';
import type { KeeperEvents, KeeperStatus } from './keeper/keeper-events.ts';
import type { KeptCertificate } from './keeper/kept-certificate.ts';
import type { HeldRevocations } from './revocation/peer-revocations.ts';

/** What a client tells, by the names of its events: those of the keeper, and what happens with peers. */
export interface PKIClientEvents extends KeeperEvents {
  /** A server that is attached shows another certificate from now on. */
  readonly swapped: [current: KeptCertificate];
  /** `restartCallback` failed. */
  readonly restartFailed: [error: Error];
  /** A peer was not let in, and why. */
  readonly peerRefused: [error: ClientError];
  /** Open connections were cut off because their peers are revoked now. */
  readonly connectionsCut: [count: number];
  /** Fresh news about revocations could not be had; what is known counts as the policy says. */
  readonly revocationStale: [error: Error];
  /** No OCSP answer about our certificate could be had; the one at hand is stapled until its end. */
  readonly staplingFailed: [error: Error];
  /** The change feed is open, or was lost. */
  readonly feedConnected: [];
  readonly feedLost: [error: Error | undefined];
}

/** Where a client stands: for `/health`, logs and metrics. Times in milliseconds since the epoch. */
export interface PKIClientStatus extends KeeperStatus {
  readonly serviceId: string;
  readonly isFeedConnected: boolean;
  /** Until when the news about revocations counts by itself; undefined without any. */
  readonly revocationFreshUntil: number | undefined;
  /** The revocation snapshots that are held, one for each issuer. */
  readonly revocations: readonly HeldRevocations[];
  /** Until when the OCSP answer that is stapled counts; undefined without one. */
  readonly stapledUntil: number | undefined;
  readonly openConnections: number;
  readonly peersRefused: number;
  readonly connectionsCut: number;
}
