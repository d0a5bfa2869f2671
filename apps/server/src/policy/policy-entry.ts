import { compileDns, type DnsMatcher } from './allowed-dns.ts';
import { compileIps, type IpMatcher } from './allowed-ips.ts';
import { compileUris, spiffeId, type UriMatcher } from './allowed-uris.ts';
import { expandServiceId } from './service-id.ts';
import {
  defaultAllowedNames,
  type KekGrantName,
  type PolicyDefaults,
  type WhitelistOperation,
  type WhitelistRule,
} from './whitelist.ts';

/** What one service may do and hold, by the whitelist of today. */
export interface PolicyEntry {
  readonly serviceId: string;
  /** The pattern that let the service in; `undefined` when it has an entry of its own. */
  readonly matchedPattern: string | undefined;
  readonly allowedOperations: ReadonlySet<WhitelistOperation>;
  /** Unexpired, unrevoked certificates at the same time. */
  readonly maxCertificates: number;
  readonly maxValidityMs: number;
  /** Certificates an hour. */
  readonly ratePerHour: number;
  /** Names as `describePublicKey` of x509 gives them. */
  readonly allowedKeyTypes: ReadonlySet<string>;
  /** What it may have of lines of key-encryption keys, by their names. */
  readonly kekGrants: ReadonlyMap<string, readonly KekGrantName[]>;
  readonly names: AllowedNames;
}

/** The names a service may hold: what decides, and what is shown to whom is refused. */
interface AllowedNames {
  readonly dns: readonly string[];
  readonly ips: readonly string[];
  readonly uris: readonly string[];
  readonly allowsDns: DnsMatcher;
  readonly allowsIp: IpMatcher;
  readonly allowsUri: UriMatcher;
}

const dayMs = 86_400_000;

/**
 * Compiles a rule into a maker of entries; only what depends on the service's id is left for the maker.
 * @throws RangeError when a name of the rule is none; the configuration has been checked before.
 */
export function compileRule(
  rule: WhitelistRule & { readonly pattern?: string },
  defaults: PolicyDefaults,
): (serviceId: string) => PolicyEntry {
  const shared = {
    matchedPattern: rule.pattern,
    allowedOperations: new Set(rule.allowedOperations),
    maxCertificates: rule.maxCertificates ?? defaults.maxCertificates,
    maxValidityMs: (rule.maxValidityDays ?? defaults.maxValidityDays) * dayMs,
    ratePerHour: rule.rateLimitCertsPerHour ?? defaults.rateLimitCertsPerHour,
    allowedKeyTypes: new Set(rule.keyTypes ?? defaults.keyTypes),
    kekGrants: new Map(Object.entries(rule.keks ?? {})),
  };
  const { trustDomain } = defaults;
  const dns = rule.allowedDns ?? defaultAllowedNames.allowedDns;
  const ips = rule.allowedIps ?? defaultAllowedNames.allowedIps;
  const uris = rule.allowedUris ?? defaultAllowedNames.allowedUris;
  const allowsIp = compileIps(ips);
  return (serviceId) => ({
    serviceId,
    ...shared,
    names: {
      dns: dns.map((pattern) => expandServiceId(pattern, serviceId)),
      ips,
      uris: [spiffeId(trustDomain, serviceId), ...uris.map((pattern) => expandServiceId(pattern, serviceId))],
      allowsDns: compileDns(dns, serviceId),
      allowsIp,
      allowsUri: compileUris(uris, { serviceId, trustDomain }),
    },
  });
}
