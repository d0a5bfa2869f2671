import type { EntryRule } from '../../rule.ts';
import { CrlReason } from '../../view/extensions/entry-extensions.ts';

export const rfc5280CrlReasonNotUnspecified: EntryRule = {
  id: 'rfc5280_crl_reason_not_unspecified',
  source: 'RFC 5280 s5.3.1',
  text: 'Instead of the reason unspecified (0) there is no reasonCode.',
  severity: 'error',
  appliesTo: ['crl'],
  checkEntry: (entry) =>
    entry.reason === CrlReason.unspecified ? `entry ${entry.position}: reasonCode is unspecified` : undefined,
};
