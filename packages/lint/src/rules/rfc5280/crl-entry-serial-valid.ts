import { toHex } from '@vcc-pki/asn1';
import type { EntryRule } from '../../rule.ts';
import { quote } from '../../view/elements.ts';

export const rfc5280CrlEntrySerialValid: EntryRule = {
  id: 'rfc5280_crl_entry_serial_valid',
  source: 'RFC 5280 s4.1.2.2, s5.1.2.6',
  text: 'Every listed serial number could be one: positive, at most 20 octets.',
  severity: 'error',
  appliesTo: ['crl'],
  checkEntry: ({ position, serialNumber }) => {
    const first = serialNumber[0] ?? 0;
    const isZero = first === 0 && serialNumber.length === 1;
    return first >= 0x80 || isZero || serialNumber.length > 20
      ? `entry ${position}: ${quote(toHex(serialNumber))} is no serial number`
      : undefined;
  },
};
