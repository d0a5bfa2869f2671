import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { policyMappings } from '../../view/extensions/policies.ts';

const anyPolicy = '2.5.29.32.0';

export const rfc5280PolicyMappingsWithoutAnyPolicy: Rule<Extended> = {
  id: 'rfc5280_policy_mappings_without_any_policy',
  source: 'RFC 5280 s4.2.1.5',
  text: 'anyPolicy is neither mapped nor mapped to.',
  severity: 'error',
  appliesTo: ['ca'],
  check: ({ extensions }) =>
    extensions.read(policyMappings)?.some((pair) => pair.includes(anyPolicy)) ? 'anyPolicy is mapped' : undefined,
};
