import { expandServiceId } from './service-id.ts';

const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
/** Preferred name syntax (RFC 1034 s3.5, RFC 1123 s2.1), lower case, at most with `*` for the first label. */
const dnsSyntax = new RegExp(`^(?:\\*\\.)?${label}(?:\\.${label})*$`);
const maxDnsLength = 253;

/** Tells whether a name matches one of the `allowed_dns` of an entry. */
export type DnsMatcher = (name: string) => boolean;

/** Tells whether `text` may stand in `allowed_dns`: a host name or `*.suffix`, with `{service_id}` in it or not. */
export function isDnsPattern(text: string): boolean {
  return isCanonicalDnsName(expandServiceId(text, 'x'));
}

/**
 * Compiles the `allowed_dns` of an entry for one service.
 *
 * `*.suffix` lets pass every name of exactly one label before the suffix, and `*.suffix` itself: a wildcard certificate
 * is good for the very same names (RFC 9525 s6.3). No other name with `*` passes. Names are compared octet by octet: what
 * is not in lower case, ends in a dot, or has an octet that host names do not have matches nothing.
 */
export function compileDns(patterns: readonly string[], serviceId: string): DnsMatcher {
  const exact = new Set<string>();
  const suffixes = new Set<string>();
  for (const pattern of patterns) {
    const expanded = expandServiceId(pattern, serviceId);
    if (!isDnsPattern(pattern)) throw new RangeError(`"${pattern}" is not a name for allowed_dns`);
    exact.add(expanded);
    if (expanded.startsWith('*.')) suffixes.add(expanded.slice(1));
  }
  return (name) => {
    if (!isCanonicalDnsName(name)) return false;
    if (exact.has(name)) return true;
    return !name.startsWith('*') && name.includes('.') && suffixes.has(name.slice(name.indexOf('.')));
  };
}

function isCanonicalDnsName(text: string): boolean {
  // A last label of digits only would be read as an IPv4 address (RFC 1123 s2.1).
  return text.length <= maxDnsLength && dnsSyntax.test(text) && !/(?:^|\.)[0-9]+$/.test(text);
}
