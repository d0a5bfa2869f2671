import type { RenewalRules } from './renewal-window.ts';

/** The mission's rotation policy. */
export interface RotationRules extends RenewalRules {
  /** Days before the end on which a certificate that is not renewed yet is told of. */
  readonly notificationDays: readonly number[];
  /** How often it is said again that a certificate is overdue, before it is an alert. */
  readonly maxRetries: number;
  /** Time between two of these; less for certificates that do not live so long. */
  readonly retryDelayMs: number;
}
