import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { KeyUsageBit, keyUsage } from '../../view/extensions/key-usage.ts';

export const cabBrCrlSignOnlyInCa: Rule<Extended> = {
  id: 'cab_br_crl_sign_only_in_ca',
  source: 'CA/B BR 7.1.2.7.11',
  text: 'The keyUsage of a leaf does not have cRLSign set.',
  severity: 'error',
  appliesTo: ['leaf'],
  check: ({ extensions }) =>
    ((extensions.read(keyUsage)?.bits ?? 0) & KeyUsageBit.cRLSign) !== 0 ? 'a leaf with cRLSign' : undefined,
};
