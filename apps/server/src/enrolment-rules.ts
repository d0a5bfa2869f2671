import type { Clock } from './clock.ts';
import type { PkiConfig } from './config/index.ts';
import { AttemptLimiter } from './enrolment/attempt-limiter.ts';
import type { EnrolmentDeps } from './enrolment/deps.ts';

/** The part of the configuration that enrolling goes by. */
export function openEnrolment(
  { enrolment }: PkiConfig,
  { clock, serverUrl }: { readonly clock: Clock; readonly serverUrl: string },
): Pick<EnrolmentDeps, 'enrolment' | 'attempts'> {
  return {
    enrolment: {
      defaultTtlMs: enrolment.tokenTtlMinutes * 60_000,
      maxTtlMs: enrolment.tokenMaxTtlHours * 3_600_000,
      serverUrl,
    },
    attempts: new AttemptLimiter(clock, {
      refusalsPerAddress: enrolment.refusalsPerAddressPerMinute,
      attempts: enrolment.attemptsPerMinute,
    }),
  };
}
