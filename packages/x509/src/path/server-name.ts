import { domainToASCII } from 'node:url';
import { equalBytes } from '@vcc-pki/asn1';
import { ipAddressFromText } from '../ip-address.ts';
import { X509Error } from '../x509-error.ts';
import { isHostName } from './names/host-name.ts';
import type { PathCertificate } from './path-certificate.ts';
import { PathError } from './path-error.ts';

/**
 * Checks that the certificate is for the server that the client meant to reach (RFC 9525 s6). Only subjectAltName
 * counts: an IP address must equal an iPAddress, a DNS name must match a dNSName; the common name is not looked at.
 * @param serverName DNS name (U-labels are turned into A-labels, s6.3) or IP address, without brackets or port.
 * @throws {@link PathError} `serverNameMismatch`
 */
export function checkServerName(certificate: PathCertificate, serverName: string): void {
  const names = certificate.extensions.subjectAltName ?? [];
  const address = addressOf(serverName);
  const reference = address === undefined ? referenceName(serverName) : undefined;
  const matches = names.some((name) => {
    if (address !== undefined) return name.type === 'iPAddress' && equalBytes(name.value, address);
    return reference !== undefined && name.type === 'dNSName' && matchesDnsName(name.value, reference);
  });
  if (matches) return;
  const presented = names.flatMap(({ type, value }) => (type === 'dNSName' ? [value] : [])).slice(0, 5);
  throw new PathError('serverNameMismatch', 0, `not for "${serverName}", but for [${presented.join(', ')}]`);
}

function addressOf(text: string): Uint8Array | undefined {
  // No top-level domain ends in a digit (RFC 3696 s2), so this is no address.
  if (!/[0-9]$/.test(text) && !text.includes(':')) return undefined;
  try {
    return ipAddressFromText(text);
  } catch (error) {
    if (error instanceof X509Error) return undefined;
    throw error;
  }
}

/** The name in A-labels and lower case, without the dot of the root; `undefined` when it is no host name. */
function referenceName(text: string): string | undefined {
  const ascii = /^[\x21-\x7e]*$/.test(text) ? text : domainToASCII(text);
  const name = ascii.replace(/\.$/, '').toLowerCase();
  return isHostName(name) ? name : undefined;
}

/** RFC 9525 s6.3: a wildcard is the whole left-most label and stands for exactly one label. */
function matchesDnsName(presented: string, reference: string): boolean {
  const pattern = presented.toLowerCase();
  if (!pattern.startsWith('*.')) return pattern === reference;
  const parent = pattern.slice(2);
  return isHostName(parent) && reference.slice(reference.indexOf('.') + 1) === parent && reference.includes('.');
}
