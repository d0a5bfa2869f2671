import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { nameConstraints } from '../../view/extensions/name-constraints.ts';
import { inhibitAnyPolicy, policyConstraints, policyMappings } from '../../view/extensions/policies.ts';

const pathConstraints = [nameConstraints, policyConstraints, policyMappings, inhibitAnyPolicy];

export const rfc5280PathConstraintsOnlyInCa: Rule<Extended> = {
  id: 'rfc5280_path_constraints_only_in_ca',
  source: 'RFC 5280 s4.2.1.5, s4.2.1.10, s4.2.1.11, s4.2.1.14',
  text: 'nameConstraints, policyConstraints, policyMappings and inhibitAnyPolicy stand in CA certificates only.',
  severity: 'error',
  appliesTo: ['leaf'],
  check: ({ extensions }) => {
    const found = pathConstraints.find((type) => extensions.find(type));
    return found && `extension ${found.oid} belongs in a CA certificate`;
  },
};
