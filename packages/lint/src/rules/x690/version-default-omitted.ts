import type { Rule } from '../../rule.ts';
import type { CertificateView } from '../../view/certificate-view.ts';

export const x690VersionDefaultOmitted: Rule<CertificateView> = {
  id: 'x690_version_default_omitted',
  source: 'X.690 s11.5',
  text: 'A v1 certificate leaves the default version out.',
  severity: 'error',
  appliesTo: ['certificate'],
  check: ({ version }) => (version === 0 ? 'the version v1 is encoded' : undefined),
};
