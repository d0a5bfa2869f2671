import { Counter, Gauge, type Registry } from 'prom-client';
import type { Clock } from '../clock.ts';
import { outboxDepth, type Store } from '../store/index.ts';

/** The instruments of webhooks. */
export interface WebhookMetrics {
  readonly deliveries: Counter<'outcome'>;
  /** 0 closed, 0.5 half-open, 1 open. */
  readonly circuit: Gauge<'webhook'>;
}

/** Makes the instruments; the gauges of the outbox ask the ledger when they are read. */
export function createWebhookMetrics(
  registry: Registry,
  { store, clock }: { readonly store: Store; readonly clock: Clock },
): WebhookMetrics {
  const registers = [registry];
  new Gauge({
    name: 'vcc_pki_outbox_deliveries',
    help: 'Deliveries of webhooks by state: pending, dead',
    labelNames: ['state'],
    registers,
    async collect() {
      const { pending, dead } = await outboxDepth(store.read);
      this.set({ state: 'pending' }, pending);
      this.set({ state: 'dead' }, dead);
    },
  });
  new Gauge({
    name: 'vcc_pki_outbox_oldest_seconds',
    help: 'Age of the longest waiting pending delivery; 0 when there is none',
    registers,
    async collect() {
      const { oldest } = await outboxDepth(store.read);
      this.set(oldest === undefined ? 0 : Math.max(0, (clock.now() - oldest) / 1000));
    },
  });
  const deliveries = new Counter({
    name: 'vcc_pki_webhook_deliveries_total',
    help: 'Tries to deliver by outcome: delivered, failed (to be tried again), dead (given up)',
    labelNames: ['outcome'],
    registers,
  });
  for (const outcome of ['delivered', 'failed', 'dead']) deliveries.inc({ outcome }, 0);
  return {
    deliveries,
    circuit: new Gauge({
      name: 'vcc_pki_webhook_circuit_open',
      help: 'Circuit of a receiver: 0 closed, 0.5 half-open, 1 open',
      labelNames: ['webhook'],
      registers,
    }),
  };
}
