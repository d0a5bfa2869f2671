import type { Rule } from '../../rule.ts';
import type { CertificateView } from '../../view/certificate-view.ts';
import { authorityKeyIdentifier } from '../../view/extensions/key-identifiers.ts';

export const rfc5280AkiPresent: Rule<CertificateView> = {
  id: 'rfc5280_aki_present',
  source: 'RFC 5280 s4.2.1.1',
  text: 'Every certificate that is not self-signed has an authorityKeyIdentifier.',
  severity: 'error',
  appliesTo: ['certificate'],
  check: (view) =>
    view.extensions.find(authorityKeyIdentifier) === undefined && !view.isSelfIssued
      ? 'there is no authorityKeyIdentifier'
      : undefined,
};
