import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { listKeks, type Store } from '../store/index.ts';

/** What is measured of key-encryption keys. */
export interface KekMetrics {
  readonly deliveries: Counter<'outcome'>;
  readonly deliverySeconds: Histogram;
}

/** Registers the metrics. */
export function createKekMetrics(registry: Registry): KekMetrics {
  return {
    deliveries: new Counter({
      name: 'vcc_pki_kek_deliveries_total',
      help: 'Deliveries of key-encryption keys, by outcome: delivered, or the code of the refusal.',
      labelNames: ['outcome'],
      registers: [registry],
    }),
    deliverySeconds: new Histogram({
      name: 'vcc_pki_kek_delivery_seconds',
      help: 'Time from a request for a key-encryption key to its answer.',
      buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
      registers: [registry],
    }),
  };
}

/** More lines than that are not watched one by one. */
const mostVersions = 1_000;

/** Shows when each line comes to the end of writing, so that an alert rule sees it coming: after it, writers stop. */
export function watchPrimaryKeks(registry: Registry, store: Store): void {
  new Gauge({
    name: 'vcc_pki_kek_not_after_write_timestamp_seconds',
    help: 'Until when new data may be encrypted under the primary key of each line.',
    labelNames: ['line'],
    registers: [registry],
    async collect() {
      const newest = await listKeks(store.read, { before: Number.MAX_SAFE_INTEGER, limit: mostVersions });
      this.reset();
      for (const { line, state, notAfterWrite } of newest) {
        if (state === 'PRIMARY') this.set({ line }, notAfterWrite / 1000);
      }
    },
  });
}
