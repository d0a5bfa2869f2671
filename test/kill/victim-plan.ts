import type { FaultLabel } from '../../apps/server/src/issuance/deps.ts';

/** What a victim is told, as JSON in its first argument. */
export interface VictimPlan {
  /**
   * `rooms` opens the PKI as the server does and issues through the rooms behind the gate; `server` runs the whole
   * server for clients over mTLS.
   */
  readonly kind: 'rooms' | 'server';
  /** Folder of the PKI. */
  readonly directory: string;
  readonly passphrase: string;
  /** Where it is to die, and at which of its passes there. */
  readonly label: FaultLabel;
  readonly pass: number;
  readonly journals: string;
  /** Unlike every other victim's. */
  readonly name: string;
  readonly csrs: readonly string[];
  /** Tickets that were asked for before the last crash and not answered. */
  readonly pending: readonly string[];
}

/** Requests that are under way at the same time. */
export const lanes = 8;

/** How far from its first pass a victim may be killed. */
export const lastPass = 40;

/**
 * Free ports at every start: while nobody listens, another test could take those of the configuration. That they are
 * 0 is also what all servers of one folder have in common, by which they know their own intents again.
 */
export const freePorts = { port: 0, publicPort: 0 } as const;
