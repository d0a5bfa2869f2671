import type { Rule } from '../../rule.ts';
import type { CertificateView } from '../../view/certificate-view.ts';

export const rfc5280ExtensionsOnlyInV3: Rule<CertificateView> = {
  id: 'rfc5280_extensions_only_in_v3',
  source: 'RFC 5280 s4.1.2.1',
  text: 'A certificate with extensions has version v3 (2).',
  severity: 'error',
  appliesTo: ['certificate'],
  check: (view) =>
    view.extensions.isPresent && view.version !== 2
      ? `there are extensions, but the version is ${view.version === 1 ? 'v2' : 'v1'}`
      : undefined,
};
