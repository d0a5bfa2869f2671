import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { extendedKeyUsage, KeyPurpose } from '../../view/extensions/extended-key-usage.ts';

export const cabBrOcspSigningAlone: Rule<Extended> = {
  id: 'cab_br_ocsp_signing_alone',
  source: 'CA/B BR 7.1.2.8.5',
  text: 'An OCSP responder certificate has OCSPSigning as its only purpose.',
  severity: 'error',
  appliesTo: ['leaf'],
  check: ({ extensions }) => {
    const purposes = extensions.read(extendedKeyUsage) ?? [];
    return purposes.length > 1 && purposes.includes(KeyPurpose.ocspSigning)
      ? 'OCSPSigning stands beside other purposes'
      : undefined;
  },
};
