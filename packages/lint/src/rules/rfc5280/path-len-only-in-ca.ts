import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { basicConstraints } from '../../view/extensions/basic-constraints.ts';

export const rfc5280PathLenOnlyInCa: Rule<Extended> = {
  id: 'rfc5280_path_len_only_in_ca',
  source: 'RFC 5280 s4.2.1.9',
  text: 'pathLenConstraint is there only when cA is set.',
  severity: 'error',
  appliesTo: ['leaf'],
  check: ({ extensions }) =>
    extensions.read(basicConstraints)?.pathLenConstraint !== undefined
      ? 'pathLenConstraint is there, but cA is not set'
      : undefined,
};
