import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { certificatePolicies } from '../../view/extensions/policies.ts';

export const rfc5280PoliciesNotEmpty: Rule<Extended> = {
  id: 'rfc5280_policies_not_empty',
  source: 'RFC 5280 s4.2.1.4',
  text: 'certificatePolicies holds at least one policy.',
  severity: 'error',
  appliesTo: ['certificate'],
  check: ({ extensions }) =>
    extensions.read(certificatePolicies)?.length === 0 ? 'certificatePolicies is empty' : undefined,
};
