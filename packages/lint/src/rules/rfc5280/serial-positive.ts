import type { Rule } from '../../rule.ts';
import type { CertificateView } from '../../view/certificate-view.ts';

export const rfc5280SerialPositive: Rule<CertificateView> = {
  id: 'rfc5280_serial_positive',
  source: 'RFC 5280 s4.1.2.2',
  text: 'The serial number is a positive integer.',
  severity: 'error',
  appliesTo: ['certificate'],
  check: ({ serialNumber }) => {
    const first = serialNumber[0] ?? 0;
    if (first >= 0x80) return 'the serial number is negative';
    return first === 0 && serialNumber.length === 1 ? 'the serial number is zero' : undefined;
  },
};
