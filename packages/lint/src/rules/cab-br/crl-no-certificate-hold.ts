import type { EntryRule } from '../../rule.ts';
import { CrlReason } from '../../view/extensions/entry-extensions.ts';

export const cabBrCrlNoCertificateHold: EntryRule = {
  id: 'cab_br_crl_no_certificate_hold',
  source: 'CA/B BR 7.2.2',
  text: 'The reason certificateHold (6) does not occur: a revocation is final.',
  severity: 'error',
  appliesTo: ['crl'],
  checkEntry: (entry) =>
    entry.reason === CrlReason.certificateHold ? `entry ${entry.position}: certificateHold` : undefined,
};
