import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { issuingDistributionPoint } from '../../view/extensions/issuing-distribution-point.ts';

export const rfc5280IdpNotEmpty: Rule<Extended> = {
  id: 'rfc5280_idp_not_empty',
  source: 'RFC 5280 s5.2.5',
  text: 'issuingDistributionPoint is not an empty sequence.',
  severity: 'error',
  appliesTo: ['crl'],
  check: ({ extensions }) => {
    const value = extensions.read(issuingDistributionPoint);
    if (!value || value.fullName || value.hasOnlySomeReasons || value.encodesDefault) return undefined;
    const isScoped =
      value.onlyContainsUserCerts || value.onlyContainsCACerts || value.onlyContainsAttributeCerts || value.indirectCRL;
    return isScoped ? undefined : 'issuingDistributionPoint is empty';
  },
};
