import { isIP } from 'node:net';
import type { KeyType } from '@vcc-pki/signer';
import { createPolicy, type PolicyEntry } from './policy/index.ts';

/** Who the server itself is when it needs a certificate. */
export interface OwnIdentity {
  /** The name under which its certificates stand in the ledger; the whitelist lets it do nothing. */
  readonly serviceId: string;
  /** DNS names and addresses it may hold beside its own id. */
  readonly names: readonly string[];
  readonly keyType: KeyType;
  readonly validityMs: number;
  readonly trustDomain: string;
  /** Unexpired ones at the same time. */
  readonly maxCertificates: number;
}

/** The server may hold what the configuration says it is called, and nothing else. */
export function ownPolicyEntry(identity: OwnIdentity): PolicyEntry {
  const { serviceId, names, keyType, validityMs, trustDomain, maxCertificates } = identity;
  const policy = createPolicy(
    {
      services: [
        {
          serviceId,
          allowedOperations: [],
          allowedDns: [serviceId, ...names.filter((name) => isIP(name) === 0)],
          allowedIps: names.filter((name) => isIP(name) !== 0),
        },
      ],
      patterns: [],
    },
    {
      trustDomain,
      maxCertificates,
      maxValidityDays: validityMs / 86_400_000,
      rateLimitCertsPerHour: 100,
      keyTypes: [keyType],
    },
  );
  return policy.entryFor(serviceId) as PolicyEntry;
}
