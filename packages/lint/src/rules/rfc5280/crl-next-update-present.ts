import type { Rule } from '../../rule.ts';
import type { CrlView } from '../../view/crl-view.ts';

export const rfc5280CrlNextUpdatePresent: Rule<CrlView> = {
  id: 'rfc5280_crl_next_update_present',
  source: 'RFC 5280 s5.1.2.5',
  text: 'A CRL has a nextUpdate.',
  severity: 'error',
  appliesTo: ['crl'],
  check: ({ nextUpdate }) => (nextUpdate ? undefined : 'there is no nextUpdate'),
};
