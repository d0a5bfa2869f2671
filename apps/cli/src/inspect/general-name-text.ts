import { toHex } from '@vcc-pki/asn1';
import { formatName, type GeneralName, ipAddressToText, ipNetworkToText } from '@vcc-pki/x509';

/** A name with its kind before it: `DNS:a.b`, `IP:10.0.0.0/8`. */
export function generalNameText(name: GeneralName): string {
  switch (name.type) {
    case 'dNSName':
      return `DNS:${name.value}`;
    case 'rfc822Name':
      return `email:${name.value}`;
    case 'uniformResourceIdentifier':
      return `URI:${name.value}`;
    case 'iPAddress':
      return `IP:${addressText(name.value)}`;
    case 'directoryName':
      return `name:${formatName(name.value)}`;
    case 'registeredID':
      return `OID:${name.value}`;
    case 'otherName':
      return `other:${name.typeId}:${toHex(name.value)}`;
    case 'x400Address':
    case 'ediPartyName':
      return `${name.type}:${toHex(name.value)}`;
  }
}

/** The names one after another. */
export function generalNamesText(names: readonly GeneralName[]): string {
  return names.map(generalNameText).join(', ');
}

/** An address, or in name constraints address and mask. */
function addressText(octets: Uint8Array): string {
  return octets.length === 4 || octets.length === 16 ? ipAddressToText(octets) : ipNetworkToText(octets);
}
