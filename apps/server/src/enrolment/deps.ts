import type { IssuanceDeps } from '../issuance/deps.ts';
import type { AttemptLimiter } from './attempt-limiter.ts';

/** What enrolling needs beside what issuing needs. */
export interface EnrolmentDeps extends IssuanceDeps {
  readonly enrolment: EnrolmentRules;
  readonly attempts: AttemptLimiter;
}

export interface EnrolmentRules {
  /** How long a token may be used when nobody says otherwise, and at most. */
  readonly defaultTtlMs: number;
  readonly maxTtlMs: number;
  /** What tokens name as the server; `https://pki.vcc.local:8443`. */
  readonly serverUrl: string;
}
