import { isHostName } from './host-name.ts';

/**
 * The host of a URI (RFC 3986 s3.2); `undefined` when it has none, or an IP address in its place: with constraints on
 * URIs such a name must be refused (RFC 5280 s4.2.1.10).
 */
export function uriHost(uri: string): string | undefined {
  const authority = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(uri)?.[1];
  if (authority === undefined) return undefined;
  const host = authority.slice(authority.lastIndexOf('@') + 1).replace(/:[0-9]*$/, '');
  const isAddress = /^[0-9.]+$/.test(host);
  return isHostName(host) && !isAddress ? host : undefined;
}
