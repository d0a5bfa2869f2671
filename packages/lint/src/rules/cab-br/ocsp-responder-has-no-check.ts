import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { extendedKeyUsage, KeyPurpose } from '../../view/extensions/extended-key-usage.ts';
import { ocspNoCheck } from '../../view/extensions/null-extensions.ts';

export const cabBrOcspResponderHasNoCheck: Rule<Extended> = {
  id: 'cab_br_ocsp_responder_has_no_check',
  source: 'CA/B BR 4.9.9, RFC 6960 s4.2.2.2.1',
  text: 'An OCSP responder certificate has id-pkix-ocsp-nocheck.',
  severity: 'error',
  appliesTo: ['leaf'],
  check: ({ extensions }) =>
    extensions.read(extendedKeyUsage)?.includes(KeyPurpose.ocspSigning) && !extensions.find(ocspNoCheck)
      ? 'an OCSP responder without id-pkix-ocsp-nocheck'
      : undefined,
};
