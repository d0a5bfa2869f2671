// Letters, digits, hyphens (RFC 1123 s2.1), and underscores, which occur in names of services (RFC 2782).
const label = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?';
const hostName = new RegExp(`^${label}(?:\\.${label})*$`, 'i');

/** True for a DNS name in A-labels without a root dot (RFC 5280 s4.2.1.6: preferred name syntax), at most 253 octets. */
export function isHostName(text: string): boolean {
  return text.length <= 253 && hostName.test(text);
}

/** True when `host` is `domain` or has labels before it; both host names, in any case. */
export function isWithinDomain(host: string, domain: string): boolean {
  const [name, base] = [host.toLowerCase(), domain.toLowerCase()];
  return name === base || name.endsWith(`.${base}`);
}
