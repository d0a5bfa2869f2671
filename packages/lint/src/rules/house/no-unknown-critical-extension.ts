import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { knownExtensions } from '../../view/known-extensions.ts';

export const houseNoUnknownCriticalExtension: Rule<Extended> = {
  id: 'house_no_unknown_critical_extension',
  source: 'RFC 5280 s4.2; house rule',
  text: 'No critical extension is one that this linter cannot read: relying parties would reject it too.',
  severity: 'error',
  appliesTo: ['certificate', 'crl'],
  check: ({ extensions }) => {
    const unknown = extensions.list.find(({ oid, critical }) => critical && !knownExtensions.has(oid));
    return unknown && `critical extension ${unknown.oid} is unknown`;
  },
};
