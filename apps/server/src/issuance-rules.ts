import type { PkiConfig } from './config/index.ts';
import type { IssuanceRules } from './issuance/deps.ts';

const dayMs = 86_400_000;

/** The part of the configuration that issuing goes by. */
export function toIssuanceRules(config: PkiConfig, instance: string): IssuanceRules {
  const { serviceCertificates, security, pkiServer, rootCa, rotation } = config;
  return {
    validity: {
      defaultMs: serviceCertificates.defaultValidityDays * dayMs,
      backdateMs: serviceCertificates.backdateSeconds * 1000,
      shortLivedMaxMs: serviceCertificates.shortLivedMaxHours * 3_600_000,
    },
    trustDomain: pkiServer.trustDomain,
    organization: rootCa.organization,
    globalRatePerHour: security.globalRateLimitCertsPerHour,
    renewal: {
      renewBeforeMs: rotation.renewBeforeExpiryDays * dayMs,
      checkIntervalMs: rotation.checkIntervalHours * 3_600_000,
      notificationDays: rotation.notificationDays,
      maxRetries: rotation.maxRetries,
      retryDelayMs: rotation.retryDelayHours * 3_600_000,
    },
    // A day is far longer than any client retries, and short enough that keys do not pile up.
    idempotencyMs: dayMs,
    instance,
  };
}
