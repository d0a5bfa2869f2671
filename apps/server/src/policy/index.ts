/**
 * Who may do and hold what: {@link createPolicy} compiles the whitelist, and the {@link Policy} answers. Deny is the
 * default; nothing is looked up, and nothing from a request is ever taken for a pattern.
 *
 * @module
 */

export { isDnsPattern } from './allowed-dns.ts';
export { isIpPattern } from './allowed-ips.ts';
export { isUriPattern, spiffeId } from './allowed-uris.ts';
export { notGranted, notOnWhitelist, notPermitted, onlyOwn, unlistedAdvice } from './forbidden.ts';
export { narrowEntry } from './narrow-entry.ts';
export { createOutboundPolicy, isOutboundNetwork, type OutboundPolicy } from './outbound-address.ts';
export { outboundLookup } from './outbound-lookup.ts';
export { createPolicy, type Policy } from './policy.ts';
export type { PolicyEntry } from './policy-entry.ts';
export { isServiceId, isServicePattern } from './service-id.ts';
export {
  type KekGrantName,
  kekGrants,
  operations,
  type PolicyDefaults,
  type Whitelist,
} from './whitelist.ts';
