import { toHex } from '@vcc-pki/asn1';
import { attributeType } from './attribute-types.ts';
import type { AttributeTypeAndValue, Name } from './name.ts';

/** The text of a name by RFC 4514: most specific first, `CN=a,O=b`; empty text for an empty name. */
export function formatName(name: Name): string {
  return name.rdns
    .map((rdn) => rdn.map(formatAttribute).join('+'))
    .reverse()
    .join(',');
}

function formatAttribute({ type, value, valueDer }: AttributeTypeAndValue): string {
  const shortName = attributeType(type)?.shortName;
  // RFC 4514 s2.4: without a short name, or for values that are no strings, the value's encoding in hexadecimal.
  if (shortName === undefined || value === undefined) return `${shortName ?? type}=#${toHex(valueDer)}`;
  return `${shortName}=${escapeValue(value)}`;
}

/** RFC 4514 s2.4; control characters too, so that a name cannot forge lines of a log. */
function escapeValue(value: string): string {
  return value
    .replace(/["+,;<>\\]/g, '\\$&')
    .replace(/^[ #]/, '\\$&')
    .replace(/ $/, '\\ ')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, hexPairs);
}

function hexPairs(character: string): string {
  return toHex(new TextEncoder().encode(character)).replace(/../g, '\\$&');
}
