import type { EntryRule } from '../../rule.ts';
import { findEntryExtension } from '../../view/crl-view.ts';
import { invalidityDate } from '../../view/extensions/entry-extensions.ts';

export const rfc5280CrlInvalidityDateNotCritical: EntryRule = {
  id: 'rfc5280_crl_invalidity_date_not_critical',
  source: 'RFC 5280 s5.3.2',
  text: 'invalidityDate is not critical.',
  severity: 'error',
  appliesTo: ['crl'],
  checkEntry: (entry) =>
    findEntryExtension(entry, invalidityDate)?.critical
      ? `entry ${entry.position}: invalidityDate is critical`
      : undefined,
};
