import type { RotationRules } from '../../apps/server/src/rotation/rotation-rules.ts';
import { dayMs, hourMs } from '../support/manual-clock.ts';

/** The rules of a new configuration. */
export const rotationRules: RotationRules = {
  renewBeforeMs: 30 * dayMs,
  checkIntervalMs: 6 * hourMs,
  notificationDays: [30, 7, 1],
  maxRetries: 3,
  retryDelayMs: hourMs,
};
