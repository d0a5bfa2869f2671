import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { issuingDistributionPoint } from '../../view/extensions/issuing-distribution-point.ts';

export const rfc5280IdpAtMostOneScope: Rule<Extended> = {
  id: 'rfc5280_idp_at_most_one_scope',
  source: 'RFC 5280 s5.2.5',
  text: 'At most one of onlyContainsUserCerts, onlyContainsCACerts and onlyContainsAttributeCerts is set.',
  severity: 'error',
  appliesTo: ['crl'],
  check: ({ extensions }) => {
    const value = extensions.read(issuingDistributionPoint);
    if (!value) return undefined;
    const scopes = [value.onlyContainsUserCerts, value.onlyContainsCACerts, value.onlyContainsAttributeCerts];
    return scopes.filter(Boolean).length > 1 ? 'the CRL is restricted to two kinds at once' : undefined;
  },
};
