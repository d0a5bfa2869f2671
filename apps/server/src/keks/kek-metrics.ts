import { Counter, Histogram, type Registry } from 'prom-client';

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
