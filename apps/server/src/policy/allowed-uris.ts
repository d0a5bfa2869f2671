import { expandServiceId } from './service-id.ts';

/** Tells whether a URI matches one of the `allowed_uris` of an entry, or is the service's own SPIFFE ID. */
export type UriMatcher = (uri: string) => boolean;

/** scheme ":" then, perhaps, an authority, then characters of RFC 3986 except `*`, which is ours. */
const uriSyntax = /^[a-z][a-z0-9+.-]*:(?:\/\/[^/*]+\/)?[A-Za-z0-9._~:/?#[\]@!$&'()+,;=%-]*\*?$/;

/** What `*` stands for: path segments that mean themselves, so that no `..`, `//`, `?`, `#` or `%2e` leads elsewhere. */
const segments = /^[A-Za-z0-9._~:-]+(?:\/[A-Za-z0-9._~:-]+)*$/;

/**
 * Tells whether `text` may stand in `allowed_uris`: a URI, or a prefix of one that ends in `/*`, with `{service_id}` in it
 * or not. SPIFFE IDs may not: each service has its own one, given by this server.
 */
export function isUriPattern(text: string): boolean {
  const expanded = expandServiceId(text, 'x');
  if (expanded.length > 2048 || !uriSyntax.test(expanded) || expanded.startsWith('spiffe:')) return false;
  if (!expanded.endsWith('*')) return !/^[^:]*:(?:\/\/)?$/.test(expanded);
  // "https://*" and "https:/*" would let the name choose the host.
  return /[^/:]\/\*$/.test(expanded);
}

/** The URI that every certificate of a service carries (SPIFFE-ID s2). */
export function spiffeId(trustDomain: string, serviceId: string): string {
  return `spiffe://${trustDomain}/${serviceId}`;
}

/** Compiles the `allowed_uris` of an entry for one service. URIs are compared octet by octet, nothing is normalised. */
export function compileUris(
  patterns: readonly string[],
  service: { readonly serviceId: string; readonly trustDomain: string },
): UriMatcher {
  const exact = new Set([spiffeId(service.trustDomain, service.serviceId)]);
  const prefixes: string[] = [];
  for (const pattern of patterns) {
    if (!isUriPattern(pattern)) throw new RangeError(`"${pattern}" is not a URI for allowed_uris`);
    const expanded = expandServiceId(pattern, service.serviceId);
    if (expanded.endsWith('*')) prefixes.push(expanded.slice(0, -1));
    else exact.add(expanded);
  }
  return (uri) => exact.has(uri) || prefixes.some((prefix) => isBelow(prefix, uri));
}

function isBelow(prefix: string, uri: string): boolean {
  if (!uri.startsWith(prefix)) return false;
  const rest = uri.slice(prefix.length);
  return segments.test(rest) && !rest.split('/').some((segment) => segment === '.' || segment === '..');
}
