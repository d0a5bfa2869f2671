import type { EntryRule } from '../../rule.ts';
import { findEntryExtension } from '../../view/crl-view.ts';
import { reasonCode } from '../../view/extensions/entry-extensions.ts';

export const rfc5280CrlReasonNotCritical: EntryRule = {
  id: 'rfc5280_crl_reason_not_critical',
  source: 'RFC 5280 s5.3.1',
  text: 'reasonCode is not critical.',
  severity: 'error',
  appliesTo: ['crl'],
  checkEntry: (entry) =>
    findEntryExtension(entry, reasonCode)?.critical ? `entry ${entry.position}: reasonCode is critical` : undefined,
};
