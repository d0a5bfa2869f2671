import type { Issuer } from '../authority/issuer.ts';
import type { Clock } from '../clock.ts';
import type { Metrics } from '../metrics.ts';
import type { Policy } from '../policy/index.ts';
import type { RotationRules } from '../rotation/rotation-rules.ts';
import type { Store } from '../store/index.ts';
import type { ValidityDefaults } from './validity.ts';

/** What issuing needs; handed in once by `app.ts`. */
export interface IssuanceDeps {
  readonly clock: Clock;
  readonly store: Store;
  readonly policy: Policy;
  readonly issuer: Issuer;
  readonly metrics: Metrics;
  readonly rules: IssuanceRules;
  /** Called at each labelled step; the kill test ends the process there. Does nothing otherwise. */
  readonly faultPoint: (label: FaultLabel) => void;
}

export interface IssuanceRules {
  readonly validity: ValidityDefaults;
  readonly trustDomain: string;
  readonly organization: string;
  /** All services together, in certificates an hour. */
  readonly globalRatePerHour: number;
  readonly renewal: RotationRules;
  /** How long an Idempotency-Key is remembered. */
  readonly idempotencyMs: number;
  /** Names this server in the ledger, so that a restart settles its own unfinished work and nobody else's. */
  readonly instance: string;
}

export type FaultLabel = 'before-intent' | 'after-intent' | 'after-signature' | 'after-record';
