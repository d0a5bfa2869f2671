import type { EntryRule } from '../../rule.ts';
import { CrlReason } from '../../view/extensions/entry-extensions.ts';

export const rfc5280CrlRemoveOnlyInDelta: EntryRule = {
  id: 'rfc5280_crl_remove_only_in_delta',
  source: 'RFC 5280 s5.3.1',
  text: 'The reason removeFromCRL (8) occurs in delta CRLs only.',
  severity: 'error',
  appliesTo: ['crl'],
  checkEntry: (entry, crl) =>
    !crl.isDelta && entry.reason === CrlReason.removeFromCrl
      ? `entry ${entry.position}: removeFromCRL in a complete CRL`
      : undefined,
};
