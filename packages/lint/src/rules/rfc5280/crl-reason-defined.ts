import type { EntryRule } from '../../rule.ts';
import { CrlReason } from '../../view/extensions/entry-extensions.ts';

export const rfc5280CrlReasonDefined: EntryRule = {
  id: 'rfc5280_crl_reason_defined',
  source: 'RFC 5280 s5.3.1',
  text: 'reasonCode is one of 0 to 6 and 8 to 10.',
  severity: 'error',
  appliesTo: ['crl'],
  checkEntry: (entry) => {
    const reason = entry.reason ?? 0;
    return reason === CrlReason.unused || reason > CrlReason.aaCompromise
      ? `entry ${entry.position}: reasonCode ${reason} does not exist`
      : undefined;
  },
};
