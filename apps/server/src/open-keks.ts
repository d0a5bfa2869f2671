import type { PkiConfig } from './config/index.ts';
import type { IssuanceDeps } from './issuance/deps.ts';
import { DeliveryGate } from './keks/delivery-gate.ts';
import { type KekDeps, kekServiceId } from './keks/deps.ts';
import { createKekMetrics, watchPrimaryKeks } from './keks/kek-metrics.ts';
import type { KekRoot } from './keks/kek-root.ts';
import { SeedVault } from './keks/seed-vault.ts';
import { ownPolicyEntry } from './own-policy-entry.ts';

const dayMs = 86_400_000;
/** NIST SP 800-57 part 1 r5 s5.3.6: two years of writing at most. */
const maxValidityMs = 730 * dayMs;

/** What the server needs to make and deliver key-encryption keys. */
export function openKeks(
  config: PkiConfig,
  issuance: IssuanceDeps,
  { root, signing }: { readonly root: KekRoot; readonly signing: KekDeps['signing'] },
): KekDeps {
  const { keks } = config;
  watchPrimaryKeks(issuance.metrics.registry, issuance.store);
  return {
    issuance,
    signing,
    vault: new SeedVault(root),
    // A nonce may come again as long as the request that it is in would be taken.
    gate: new DeliveryGate(issuance.clock, { concurrent: 4, waiting: 2_000, nonceMs: 300_000 }),
    metrics: createKekMetrics(issuance.metrics.registry),
    entry: ownPolicyEntry({
      ...{ serviceId: kekServiceId, names: [], keyType: 'P-256', maxCertificates: 100_000 },
      validityMs: maxValidityMs,
      trustDomain: issuance.rules.trustDomain,
    }),
    rules: {
      defaultKem: keks.defaultKem,
      validityMs: keks.validityDays * dayMs,
      deliveriesPerHour: keks.deliveriesPerHour,
      consumerLiveMs: keks.consumerLiveMinutes * 60_000,
      soakMs: keks.destroyAfterDays * dayMs,
    },
  };
}
