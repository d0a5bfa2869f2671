import type { ServiceStatus } from '@vcc-pki/api';

/** How many checks in a row it takes. */
export interface HealthThresholds {
  readonly degradedAfterFailures: number;
  readonly downAfterFailures: number;
  readonly activeAfterSuccesses: number;
}

/** What the checks of a service have shown lately. */
export interface HealthState {
  readonly status: ServiceStatus;
  /** In a row; one of the two is 0. */
  readonly failures: number;
  readonly successes: number;
}

/** The state after one more check. A service that was down comes back by way of degraded. */
export function afterCheck(before: HealthState, isGood: boolean, thresholds: HealthThresholds): HealthState {
  const failures = isGood ? 0 : before.failures + 1;
  const successes = isGood ? before.successes + 1 : 0;
  return { status: statusAfter({ ...before, failures, successes }, thresholds), failures, successes };
}

function statusAfter({ status, failures, successes }: HealthState, thresholds: HealthThresholds): ServiceStatus {
  const { degradedAfterFailures, downAfterFailures, activeAfterSuccesses } = thresholds;
  if (status === 'retired') return status;
  if (failures >= downAfterFailures) return 'down';
  if (failures >= degradedAfterFailures) return status === 'down' ? 'down' : 'degraded';
  if (successes >= activeAfterSuccesses) return 'active';
  return successes > 0 && status === 'down' ? 'degraded' : status;
}
