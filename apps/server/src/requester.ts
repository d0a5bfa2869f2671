import type { Origin } from './origin.ts';
import type { PolicyEntry } from './policy/index.ts';

/** Who is calling: a service whose certificate stands in our own ledger, unexpired and unrevoked. Only the gate makes it. */
export interface Requester extends Origin {
  readonly serviceId: string;
  readonly certificateId: string;
  readonly fingerprint: string;
  readonly clientIp: string;
  readonly requestId: string;
  /** What the whitelist of today says about the service. */
  readonly entry: PolicyEntry;
  readonly isAdmin: boolean;
}
