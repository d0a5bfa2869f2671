import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { AccessMethod, authorityInfoAccess } from '../../view/extensions/authority-info-access.ts';
import { noRevAvail } from '../../view/extensions/null-extensions.ts';

export const rfc9608NoRevAvailExcludesOcsp: Rule<Extended> = {
  id: 'rfc9608_no_rev_avail_excludes_ocsp',
  source: 'RFC 9608 s3',
  text: 'noRevAvail and an OCSP location in authorityInfoAccess exclude each other.',
  severity: 'error',
  appliesTo: ['certificate'],
  check: ({ extensions }) =>
    extensions.find(noRevAvail) &&
    extensions.read(authorityInfoAccess)?.some(({ method }) => method === AccessMethod.ocsp)
      ? 'noRevAvail beside an OCSP location'
      : undefined,
};
