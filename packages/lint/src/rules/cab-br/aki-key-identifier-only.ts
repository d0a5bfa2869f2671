import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { authorityKeyIdentifier } from '../../view/extensions/key-identifiers.ts';

export const cabBrAkiKeyIdentifierOnly: Rule<Extended> = {
  id: 'cab_br_aki_key_identifier_only',
  source: 'CA/B BR 7.1.2.11.1',
  text: 'authorityKeyIdentifier holds neither authorityCertIssuer nor authorityCertSerialNumber.',
  severity: 'error',
  appliesTo: ['certificate', 'crl'],
  check: ({ extensions }) =>
    extensions.read(authorityKeyIdentifier)?.hasIssuerOrSerial
      ? 'authorityKeyIdentifier names issuer or serial number'
      : undefined,
};
