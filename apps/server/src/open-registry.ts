import { randomUUID } from 'node:crypto';
import type { PkiConfig } from './config/index.ts';
import type { ServerTls } from './http/create-listener.ts';
import type { IssuanceDeps } from './issuance/deps.ts';
import type { Log } from './log.ts';
import type { OutboundPolicy } from './policy/index.ts';
import { HealthMonitor } from './registry/health-monitor.ts';
import { createProbe } from './registry/health-probe.ts';
import { createRegistryMetrics } from './registry/registry-metrics.ts';
import { SeenServices } from './registry/seen-services.ts';

/** What the registry does by itself. */
export interface OpenRegistry {
  /** Notes that a service has called. */
  readonly noteSeen: (serviceId: string) => void;
  /** Begins to check the health of services. */
  start(): void;
  close(): Promise<void>;
}

export interface RegistryParts {
  readonly issuance: IssuanceDeps;
  readonly outbound: OutboundPolicy;
  /** The server's own certificate, good for both ends of mTLS. */
  readonly tls: () => ServerTls;
  readonly log: Log;
}

export function openRegistry({ registry }: PkiConfig, { issuance, outbound, tls, log }: RegistryParts): OpenRegistry {
  const { clock, store, rules } = issuance;
  const metrics = createRegistryMetrics(issuance.metrics.registry, store);
  const seen = new SeenServices({
    ...{ clock, store, intervalMs: registry.lastSeenIntervalSeconds * 1000 },
    onFailure: (error) => log.error({ err: error }, 'it could not be written down who has called; tried again'),
  });
  const monitor = new HealthMonitor({
    ...{ clock, store, metrics, owner: `${rules.instance} ${randomUUID()}` },
    probe: createProbe({
      ...{ store, outbound, tls, trustDomain: rules.trustDomain },
      timeoutMs: registry.healthCheckTimeoutSeconds * 1000,
    }),
    intervalMs: registry.healthCheckIntervalSeconds * 1000,
    concurrency: registry.healthCheckConcurrency,
    thresholds: registry,
    onFailure: (error) => log.error({ err: error }, 'health checks could not be carried on; tried again'),
  });
  return {
    noteSeen: (serviceId) => seen.note(serviceId),
    start: () => {
      if (registry.healthCheckEnabled) monitor.start();
    },
    close: async () => {
      if (registry.healthCheckEnabled) await monitor.close();
      await seen.close();
    },
  };
}
