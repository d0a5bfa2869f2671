import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { type Store, serviceCounts } from '../store/index.ts';

/** What the registry and its health checks measure. */
export interface RegistryMetrics {
  readonly checks: Counter<'outcome'>;
  readonly checkSeconds: Histogram;
  /** 1 at the server of the cluster that checks. */
  readonly isChecking: Gauge;
}

export function createRegistryMetrics(registry: Registry, { read }: Store): RegistryMetrics {
  const registers = [registry];
  new Gauge({
    name: 'vcc_pki_services',
    help: 'Registered services by status',
    labelNames: ['status'],
    registers,
    async collect() {
      // Counters that the ledger keeps with every change: a row a status.
      for (const { status, count } of await serviceCounts(read)) this.set({ status }, count);
    },
  });
  return {
    checks: new Counter({
      name: 'vcc_pki_health_checks_total',
      help: 'Health checks of services by outcome: good, bad',
      labelNames: ['outcome'],
      registers,
    }),
    checkSeconds: new Histogram({
      name: 'vcc_pki_health_check_duration_seconds',
      help: 'Time of one health check, good or bad',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    isChecking: new Gauge({
      name: 'vcc_pki_health_monitor_active',
      help: '1 at the one server of a cluster that checks the health of services',
      registers,
    }),
  };
}
