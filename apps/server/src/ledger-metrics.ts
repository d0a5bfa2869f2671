import { Gauge } from 'prom-client';
import type { Clock } from './clock.ts';
import type { Metrics } from './metrics.ts';
import { certificateCounts, type Store } from './store/index.ts';

const dayMs = 86_400_000;

/** Upper bounds of the time to expiry, in days; certificates that live longer are under `more`. */
const horizonsDays = [1, 7, 30, 90, 365] as const;

/**
 * Makes the gauges of certificates by status and by time to expiry. They are read from counters that the ledger keeps
 * with every change (one row a day of expiry), so asking costs the same with a million certificates.
 * @returns what brings them up to date.
 */
export function createLedgerMetrics(metrics: Metrics, { store, clock }: { store: Store; clock: Clock }) {
  const registers = [metrics.registry];
  const byStatus = new Gauge({
    name: 'vcc_pki_certificates',
    help: 'Certificates in the ledger by status',
    labelNames: ['status'],
    registers,
  });
  const expiring = new Gauge({
    name: 'vcc_pki_certificates_expiring',
    help: 'Active certificates by the days until they expire: up to 1, 7, 30, 90, 365, more',
    labelNames: ['within_days'],
    registers,
  });
  return async (): Promise<void> => {
    const counts = await certificateCounts(store.read);
    // From here to the end in one go: of two who ask at once, neither adds to what the other has set.
    byStatus.reset();
    for (const horizon of [...horizonsDays, 'more']) expiring.set({ within_days: String(horizon) }, 0);
    const today = Math.floor(clock.now() / dayMs);
    for (const { status, expiryDay, count } of counts) {
      byStatus.inc({ status }, count);
      if (status !== 'active') continue;
      const horizon = horizonsDays.find((days) => expiryDay - today <= days) ?? 'more';
      expiring.inc({ within_days: String(horizon) }, count);
    }
  };
}
