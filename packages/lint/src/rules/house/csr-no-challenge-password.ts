import type { Rule } from '../../rule.ts';
import { RequestAttributeType, type RequestView } from '../../view/request-view.ts';

export const houseCsrNoChallengePassword: Rule<RequestView> = {
  id: 'house_csr_no_challenge_password',
  source: 'House rule (RFC 2985 s5.4.1)',
  text: 'A request holds no challengePassword: it would be a secret in clear text, and nothing here uses it.',
  severity: 'warn',
  appliesTo: ['csr'],
  check: ({ attributes }) =>
    attributes?.some(({ type }) => type === RequestAttributeType.challengePassword)
      ? 'the request holds a challengePassword'
      : undefined,
};
