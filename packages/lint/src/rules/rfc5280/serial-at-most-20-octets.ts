import type { Rule } from '../../rule.ts';
import type { CertificateView } from '../../view/certificate-view.ts';

export const rfc5280SerialAtMost20Octets: Rule<CertificateView> = {
  id: 'rfc5280_serial_at_most_20_octets',
  source: 'RFC 5280 s4.1.2.2',
  text: 'The serial number has at most 20 octets as encoded.',
  severity: 'error',
  appliesTo: ['certificate'],
  check: ({ serialNumber }) =>
    serialNumber.length > 20 ? `the serial number has ${serialNumber.length} octets` : undefined,
};
