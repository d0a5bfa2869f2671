import type { Rule } from '../../rule.ts';
import type { CertificateView } from '../../view/certificate-view.ts';

export const cabBrSerialAtLeast64Bits: Rule<CertificateView> = {
  id: 'cab_br_serial_at_least_64_bits',
  source: 'CA/B BR 7.1',
  text: 'The serial number has room for 64 bits of randomness: at least 8 octets.',
  severity: 'error',
  appliesTo: ['certificate'],
  check: ({ serialNumber }) =>
    serialNumber.length < 8 ? `a serial number of ${serialNumber.length} octets` : undefined,
};
