import type { Signer } from '@vcc-pki/signer';
import type { IssuanceDeps } from '../issuance/deps.ts';
import type { PolicyEntry } from '../policy/index.ts';
import type { DeliveryGate } from './delivery-gate.ts';
import type { KekMetrics } from './kek-metrics.ts';
import type { SeedVault } from './seed-vault.ts';

/** What key-encryption keys need beside issuing. */
export interface KekDeps {
  readonly issuance: IssuanceDeps;
  readonly vault: SeedVault;
  readonly gate: DeliveryGate;
  readonly metrics: KekMetrics;
  readonly rules: KekRules;
  /** Signs deliveries of group keys: the key that speaks about revocation, which no proxy and no service has. */
  readonly signing: () => Promise<SigningCredential>;
  /** Whose certificates those of KEKs are. */
  readonly entry: PolicyEntry;
}

/** A key with a certificate of the issuer for the purpose OCSPSigning (RFC 6960 s4.2.2.2), DER. */
export interface SigningCredential {
  readonly signer: Signer;
  readonly certificate: Uint8Array;
}

export interface KekRules {
  readonly defaultKem: 'X25519' | 'P-256' | 'X-Wing';
  readonly validityMs: number;
  readonly deliveriesPerHour: number;
  readonly consumerLiveMs: number;
  readonly soakMs: number;
}

/** The name under which the certificates of KEKs stand in the ledger; the whitelist lets it do nothing. */
export const kekServiceId = 'pki-kek';
