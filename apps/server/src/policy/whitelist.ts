/** What a whitelist entry can allow a service to do. */
export const operations = ['request', 'renew', 'revoke', 'download', 'admin'] as const;

export type WhitelistOperation = (typeof operations)[number];

/** What a service may have of a line of key-encryption keys (docs/keks.md). */
export const kekGrants = ['read', 'write', 'seal'] as const;

export type KekGrantName = (typeof kekGrants)[number];

/** What one entry of the whitelist says; what it leaves out comes from {@link PolicyDefaults}. */
export interface WhitelistRule {
  readonly allowedOperations: readonly WhitelistOperation[];
  readonly maxCertificates?: number;
  /** DNS names: exact, or `*.suffix` for any one label before the suffix. `{service_id}` stands for the service's id. */
  readonly allowedDns?: readonly string[];
  /** Addresses and networks in CIDR. */
  readonly allowedIps?: readonly string[];
  /** URIs: exact, or with `*` at the end, after a `/`. `{service_id}` as above. */
  readonly allowedUris?: readonly string[];
  readonly maxValidityDays?: number;
  readonly rateLimitCertsPerHour?: number;
  readonly keyTypes?: readonly string[];
  /** By the name of the line. */
  readonly keks?: Readonly<Record<string, readonly KekGrantName[]>>;
}

/** Who may hold certificates: services by name, then patterns in their order; nobody else. */
export interface Whitelist {
  readonly services: readonly (WhitelistRule & { readonly serviceId: string })[];
  readonly patterns: readonly (WhitelistRule & { readonly pattern: string })[];
}

/** What holds for an entry that does not say otherwise. */
export interface PolicyDefaults {
  /** Of the service's own `spiffe://<trust domain>/<service_id>`. */
  readonly trustDomain: string;
  readonly maxCertificates: number;
  readonly maxValidityDays: number;
  readonly rateLimitCertsPerHour: number;
  readonly keyTypes: readonly string[];
}

/** The DNS names that are a service's own. */
export const ownDnsNames = ['{service_id}', '{service_id}.vcc.local'] as const;

/** The names of an entry that lists none of a kind: its own, and the machine it runs on. */
export const defaultAllowedNames = {
  allowedDns: [...ownDnsNames, 'localhost'],
  allowedIps: ['127.0.0.0/8', '::1/128'],
  allowedUris: [],
} as const satisfies Required<Pick<WhitelistRule, 'allowedDns' | 'allowedIps' | 'allowedUris'>>;
