import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { basicConstraints } from '../../view/extensions/basic-constraints.ts';

export const x690BasicConstraintsDefaultOmitted: Rule<Extended> = {
  id: 'x690_basic_constraints_default_omitted',
  source: 'X.690 s11.5',
  text: 'basicConstraints of a leaf leaves the default cA FALSE out.',
  severity: 'error',
  appliesTo: ['certificate'],
  check: ({ extensions }) =>
    extensions.read(basicConstraints)?.encodesDefault ? 'basicConstraints encodes cA FALSE' : undefined,
};
