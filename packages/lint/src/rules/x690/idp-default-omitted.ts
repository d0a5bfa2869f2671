import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { issuingDistributionPoint } from '../../view/extensions/issuing-distribution-point.ts';

export const x690IdpDefaultOmitted: Rule<Extended> = {
  id: 'x690_idp_default_omitted',
  source: 'X.690 s11.5',
  text: 'issuingDistributionPoint leaves flags with their default FALSE out.',
  severity: 'error',
  appliesTo: ['crl'],
  check: ({ extensions }) =>
    extensions.read(issuingDistributionPoint)?.encodesDefault
      ? 'issuingDistributionPoint encodes a flag that is FALSE'
      : undefined,
};
