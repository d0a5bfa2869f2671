import { Counter, Gauge, type Registry } from 'prom-client';
import type { Clock } from '../clock.ts';
import { renewalCounts, type Store } from '../store/index.ts';

/** The instruments of rotation. */
export interface RotationMetrics {
  /** By stage: reminder, overdue, alert. */
  readonly told: Counter<'stage'>;
}

/** Makes the instruments; the gauge asks the ledger when it is read, along the indexes of what is due and unproven. */
export function createRotationMetrics(
  registry: Registry,
  { store, clock }: { readonly store: Store; readonly clock: Clock },
): RotationMetrics {
  const registers = [registry];
  new Gauge({
    name: 'vcc_pki_renewals',
    help: 'Renewals by state: due (overdue ones too), overdue, alert (overdue after every reminder), unproven',
    labelNames: ['state'],
    registers,
    async collect() {
      const counts = await renewalCounts(store.read, clock.now());
      for (const [state, count] of Object.entries(counts)) this.set({ state }, count);
    },
  });
  const told = new Counter({
    name: 'vcc_pki_expiry_notices_total',
    help: 'Notices of certificates that come to their end and are not renewed, by stage',
    labelNames: ['stage'],
    registers,
  });
  for (const stage of ['reminder', 'overdue', 'alert']) told.inc({ stage }, 0);
  return { told };
}
