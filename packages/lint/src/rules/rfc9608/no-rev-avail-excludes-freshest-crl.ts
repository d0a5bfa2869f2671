import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { freshestCrl } from '../../view/extensions/distribution-points.ts';
import { noRevAvail } from '../../view/extensions/null-extensions.ts';

export const rfc9608NoRevAvailExcludesFreshestCrl: Rule<Extended> = {
  id: 'rfc9608_no_rev_avail_excludes_freshest_crl',
  source: 'RFC 9608 s3',
  text: 'noRevAvail and freshestCRL exclude each other.',
  severity: 'error',
  appliesTo: ['certificate'],
  check: ({ extensions }) =>
    extensions.find(noRevAvail) && extensions.find(freshestCrl) ? 'noRevAvail beside freshestCRL' : undefined,
};
