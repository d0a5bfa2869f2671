import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { extendedKeyUsage, KeyPurpose } from '../../view/extensions/extended-key-usage.ts';
import { subjectAltName } from '../../view/extensions/subject-alt-name.ts';

export const cabBrLeafSanPresent: Rule<Extended> = {
  id: 'cab_br_leaf_san_present',
  source: 'CA/B BR 7.1.2.7.12',
  text: 'Every leaf names its subject in subjectAltName; only OCSP responders may do without.',
  severity: 'error',
  appliesTo: ['leaf'],
  check: ({ extensions }) =>
    extensions.find(subjectAltName) || extensions.read(extendedKeyUsage)?.includes(KeyPurpose.ocspSigning)
      ? undefined
      : 'there is no subjectAltName',
};
