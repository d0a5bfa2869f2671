import { PkiError } from '@vcc-pki/api';
import { type GeneralName, ipAddressToText } from '@vcc-pki/x509';
import type { PolicyEntry } from './policy-entry.ts';

/** A name that somebody asks for, and where it was asked: `san_dns[1]`, `csr`. */
interface RequestedName {
  readonly field: string;
  readonly name: GeneralName;
}

/** Every name that is to go into one certificate, from all sources. */
export interface NamesToCheck {
  readonly commonName: string;
  readonly names: readonly RequestedName[];
}

/**
 * Checks that a service may hold each of these names. The kinds that no entry can list (mail addresses, directory
 * names, otherName ...) are always refused.
 * @throws {@link PkiError} `rejectedIdentifier` for the first that it may not hold, with its field and what is allowed.
 */
export function checkNames(entry: PolicyEntry, { commonName, names }: NamesToCheck): void {
  // The names first: a common name that was taken from one of them is refused at the place where the caller wrote it.
  for (const { field, name } of names) checkName(entry, field, name);
  if (commonName !== entry.serviceId && !entry.names.allowsDns(commonName)) {
    throw refuse(entry, {
      field: 'common_name',
      shown: show(commonName),
      allowed: [entry.serviceId, ...entry.names.dns],
    });
  }
}

function checkName(entry: PolicyEntry, field: string, name: GeneralName): void {
  const { dns, ips, uris, allowsDns, allowsIp, allowsUri } = entry.names;
  switch (name.type) {
    case 'dNSName':
      if (allowsDns(name.value)) return;
      throw refuse(entry, { field, shown: `the DNS name ${show(name.value)}`, allowed: dns });
    case 'iPAddress':
      if (allowsIp(name.value)) return;
      throw refuse(entry, { field, shown: `the address ${showAddress(name.value)}`, allowed: ips });
    case 'uniformResourceIdentifier':
      if (allowsUri(name.value)) return;
      throw refuse(entry, { field, shown: `the URI ${show(name.value)}`, allowed: uris });
    default:
      throw refuse(entry, { field, shown: `a name of type ${name.type}`, allowed: [] });
  }
}

function refuse(
  entry: PolicyEntry,
  { field, shown, allowed }: { field: string; shown: string; allowed: readonly string[] },
): PkiError {
  const list = [...new Set(allowed)].join(', ') || 'none of this kind';
  return new PkiError('rejectedIdentifier', `"${entry.serviceId}" may not hold ${shown}; allowed: ${list}`, { field });
}

/** A foreign text, safe to print: quoted, control characters escaped, cut. */
function show(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}

function showAddress(octets: Uint8Array): string {
  return octets.length === 4 || octets.length === 16 ? ipAddressToText(octets) : `of ${octets.length} octets`;
}
