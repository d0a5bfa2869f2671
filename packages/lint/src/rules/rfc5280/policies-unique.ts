import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { certificatePolicies } from '../../view/extensions/policies.ts';

export const rfc5280PoliciesUnique: Rule<Extended> = {
  id: 'rfc5280_policies_unique',
  source: 'RFC 5280 s4.2.1.4',
  text: 'No policy occurs twice in certificatePolicies.',
  severity: 'error',
  appliesTo: ['certificate'],
  check: ({ extensions }) => {
    const policies = extensions.read(certificatePolicies) ?? [];
    return new Set(policies).size < policies.length ? 'a policy occurs more than once' : undefined;
  },
};
