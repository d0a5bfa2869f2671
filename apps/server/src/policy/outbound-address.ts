import { PkiError } from '@vcc-pki/api';
import ipaddr from 'ipaddr.js';
import { type AddressKind, addressKind, embeddedIpv4 } from './address-kind.ts';

/** Which addresses the server may call: the section `outbound` of pki_config.yaml. */
export interface OutboundRules {
  readonly allowHttp: boolean;
  readonly allowLoopback: boolean;
  readonly allowPrivate: boolean;
  readonly allowLinkLocal: boolean;
  /** Networks in CIDR that are never called, whatever else is allowed. */
  readonly deniedNetworks: readonly string[];
}

/**
 * Where the server may call when others name the address: endpoints and health checks of services, receivers of webhooks.
 *
 * A URL is judged when it is registered and again before each call, for the rules may have changed; a name is judged by
 * every address that it leads to, at the moment of connecting (see {@link outboundLookup}), so that a name which leads
 * elsewhere by then is no way around. Callers follow no redirects.
 */
export interface OutboundPolicy {
  /**
   * Judges the text of a URL: scheme, form, and the address if the host is one.
   * @param field of the request, for the refusal: `endpoints[1]`
   * @throws {@link PkiError} `rejectedAddress`
   */
  checkUrl(text: string, field?: string): URL;
  /** Why an address must not be called; `undefined` when it may. */
  refusalOf(address: string): string | undefined;
}

/** 2048 octets are what browsers and servers agree upon. */
const maxUrlLength = 2048;

/** @throws RangeError when a network is none: the configuration is checked before it comes here. */
export function createOutboundPolicy(rules: OutboundRules): OutboundPolicy {
  const denied = rules.deniedNetworks.map((network) => parseNetwork(network));
  const refusalOf = (address: string): string | undefined => {
    const kind = addressKind(address);
    if (kind === undefined) return 'it is no IP address';
    if (denied.some((network) => isWithin(address, network))) return 'it is in outbound.denied_networks';
    return refusalOfKind(kind, rules);
  };
  return { refusalOf, checkUrl: (text, field) => checkUrl(text, { field, rules, refusalOf }) };
}

/** Tells whether `text` is a network in CIDR, or one address. */
export function isOutboundNetwork(text: string): boolean {
  return ipaddr.isValid(text) || ipaddr.isValidCIDR(text);
}

type Network = [ipaddr.IPv4 | ipaddr.IPv6, number];

function parseNetwork(text: string): Network {
  if (!isOutboundNetwork(text)) throw new RangeError(`"${text}" is no network`);
  if (text.includes('/')) return ipaddr.parseCIDR(text);
  const address = ipaddr.parse(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

function isWithin(text: string, network: Network): boolean {
  const address = ipaddr.parse(text);
  return [address, embeddedIpv4(address)].some((one) => one.kind() === network[0].kind() && one.match(network));
}

function refusalOfKind(kind: AddressKind, rules: OutboundRules): string | undefined {
  switch (kind) {
    case 'public':
      return undefined;
    case 'private':
      return rules.allowPrivate ? undefined : 'private addresses are not allowed (outbound.allow_private)';
    case 'loopback':
      return rules.allowLoopback ? undefined : 'loopback addresses are not allowed (outbound.allow_loopback)';
    case 'linkLocal':
      return rules.allowLinkLocal ? undefined : 'link-local addresses are not allowed (outbound.allow_link_local)';
    case 'metadata':
      return 'it is where a cloud keeps the secrets of its machines';
    case 'unroutable':
      return 'it is no address of a single host';
  }
}

function checkUrl(
  text: string,
  { field, rules, refusalOf }: { field?: string | undefined; rules: OutboundRules } & Pick<OutboundPolicy, 'refusalOf'>,
): URL {
  const refuse = (why: string): PkiError => new PkiError('rejectedAddress', `${shown(text)}: ${why}`, { field });
  if (text.length > maxUrlLength) throw refuse(`it is longer than ${maxUrlLength} characters`);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) throw refuse('it is no URL');
  const isAllowedScheme = url.protocol === 'https:' || (rules.allowHttp && url.protocol === 'http:');
  if (!isAllowedScheme) throw refuse(rules.allowHttp ? 'only https and http are allowed' : 'only https is allowed');
  // They would stand in logs, and in what everybody may read about the service.
  if (url.username !== '' || url.password !== '') throw refuse('it must not have a user or password');
  if (url.hash !== '') throw refuse('it must not have a fragment');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  // RFC 6761 s6.3: localhost and all below it are loopback.
  const address = /^(.*\.)?localhost\.?$/.test(host) ? '127.0.0.1' : host;
  const why = addressKind(address) === undefined ? undefined : refusalOf(address);
  if (why !== undefined) throw refuse(why);
  return url;
}

/** A foreign text, safe to print: quoted, control characters escaped, cut. */
function shown(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}
