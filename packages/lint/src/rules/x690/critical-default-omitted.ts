import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';

export const x690CriticalDefaultOmitted: Rule<Extended> = {
  id: 'x690_critical_default_omitted',
  source: 'X.690 s11.5',
  text: 'An extension that is not critical leaves the default critical FALSE out.',
  severity: 'error',
  appliesTo: ['certificate', 'crl', 'csr'],
  check: ({ extensions }) => {
    const wrong = extensions.list.find(({ encodesDefault }) => encodesDefault);
    return wrong && `extension ${wrong.oid} encodes critical FALSE`;
  },
};
