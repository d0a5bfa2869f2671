import { ipAddressToText } from '@vcc-pki/x509';
import { compileUris, spiffeId } from './allowed-uris.ts';
import type { PolicyEntry } from './policy-entry.ts';

/**
 * The entry for one certificate that is to have certain names and no others: of what the whitelist allows, those names,
 * the service's own id and its SPIFFE id. A wildcard among them is that one name.
 */
export function narrowEntry(
  entry: PolicyEntry,
  to: { readonly dns: readonly string[]; readonly ip: readonly string[]; readonly trustDomain: string },
): PolicyEntry {
  const { serviceId, names } = entry;
  const dns = new Set([serviceId, ...to.dns]);
  const ips = new Set(to.ip);
  return {
    ...entry,
    names: {
      dns: [...dns],
      ips: to.ip,
      uris: [spiffeId(to.trustDomain, serviceId)],
      allowsDns: (name) => dns.has(name) && names.allowsDns(name),
      allowsIp: (address) => ips.has(ipAddressToText(address)) && names.allowsIp(address),
      allowsUri: compileUris([], { serviceId, trustDomain: to.trustDomain }),
    },
  };
}
