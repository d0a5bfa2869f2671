import type { Rule } from '../../rule.ts';
import type { RequestView } from '../../view/request-view.ts';

export const rfc2986VersionZero: Rule<RequestView> = {
  id: 'rfc2986_version_zero',
  source: 'RFC 2986 s4.1',
  text: 'The version of a certification request is v1 (0).',
  severity: 'error',
  appliesTo: ['csr'],
  check: ({ version }) => (version === 0 ? undefined : `the version is ${version}`),
};
