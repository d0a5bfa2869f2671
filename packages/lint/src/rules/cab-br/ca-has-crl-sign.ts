import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { KeyUsageBit, keyUsage } from '../../view/extensions/key-usage.ts';

export const cabBrCaHasCrlSign: Rule<Extended> = {
  id: 'cab_br_ca_has_crl_sign',
  source: 'CA/B BR 7.1.2.10.7',
  text: 'The keyUsage of a CA has cRLSign set.',
  severity: 'error',
  appliesTo: ['ca'],
  check: ({ extensions }) => {
    const usage = extensions.read(keyUsage);
    return usage && (usage.bits & KeyUsageBit.cRLSign) === 0 ? 'a CA without cRLSign' : undefined;
  },
};
