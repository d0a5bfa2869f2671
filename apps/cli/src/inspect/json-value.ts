import { toHex } from '@vcc-pki/asn1';
import { formatName, type GeneralName, type Name } from '@vcc-pki/x509';
import { generalNameText } from './general-name-text.ts';

const generalNameTypes: ReadonlySet<unknown> = new Set<GeneralName['type']>([
  'otherName',
  'rfc822Name',
  'dNSName',
  'x400Address',
  'directoryName',
  'ediPartyName',
  'uniformResourceIdentifier',
  'iPAddress',
  'registeredID',
]);

/** A parsed value as JSON can have it: octets in hex, large numbers in decimal, names in their text, members by their RFC names. */
export function toJsonValue(value: unknown): unknown {
  if (value instanceof Uint8Array) return toHex(value);
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return value.map(toJsonValue);
  if (typeof value !== 'object' || value === null) return value;
  if (isName(value)) return formatName(value);
  if (isGeneralName(value)) return generalNameText(value);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, toJsonValue(member)]));
}

function isName(value: object): value is Name {
  return 'rdns' in value && 'der' in value;
}

function isGeneralName(value: object): value is GeneralName {
  return 'type' in value && generalNameTypes.has(value.type);
}
