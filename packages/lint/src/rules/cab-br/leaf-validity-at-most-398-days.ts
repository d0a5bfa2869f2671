import type { Rule } from '../../rule.ts';
import type { CertificateView } from '../../view/certificate-view.ts';

const maxMs = 398 * 86_400_000;

export const cabBrLeafValidityAtMost398Days: Rule<CertificateView> = {
  id: 'cab_br_leaf_validity_at_most_398_days',
  source: 'CA/B BR 6.3.2 (bound until March 2026; private PKIs are free to choose)',
  text: 'A leaf is valid for at most 398 days, first and last second included.',
  severity: 'warn',
  appliesTo: ['leaf'],
  check: ({ notBefore, notAfter }) => {
    // RFC 5280 s4.1.2.5: the last second belongs to the validity.
    const validMs = notAfter.ms - notBefore.ms + 1000;
    return validMs > maxMs ? `the certificate is valid for ${Math.ceil(validMs / 86_400_000)} days` : undefined;
  },
};
