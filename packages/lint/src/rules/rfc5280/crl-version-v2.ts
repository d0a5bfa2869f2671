import type { Rule } from '../../rule.ts';
import type { CrlView } from '../../view/crl-view.ts';

export const rfc5280CrlVersionV2: Rule<CrlView> = {
  id: 'rfc5280_crl_version_v2',
  source: 'RFC 5280 s5.1.2.1',
  text: 'A CRL has version v2 (1), encoded.',
  severity: 'error',
  appliesTo: ['crl'],
  check: ({ version }) => (version === 1 ? undefined : 'the version is not v2'),
};
