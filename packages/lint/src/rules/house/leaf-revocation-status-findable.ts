import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { AccessMethod, authorityInfoAccess } from '../../view/extensions/authority-info-access.ts';
import { crlDistributionPoints } from '../../view/extensions/distribution-points.ts';
import { noRevAvail, ocspNoCheck } from '../../view/extensions/null-extensions.ts';

export const houseLeafRevocationStatusFindable: Rule<Extended> = {
  id: 'house_leaf_revocation_status_findable',
  source: 'House rule (CA/B BR 7.1.2.11.2, RFC 9608 s2)',
  text: 'A leaf says where its revocation status is found (cRLDistributionPoints or OCSP), or that there is none (noRevAvail, id-pkix-ocsp-nocheck).',
  severity: 'warn',
  appliesTo: ['leaf'],
  check: ({ extensions }) => {
    const says = [crlDistributionPoints, noRevAvail, ocspNoCheck].some((type) => extensions.find(type));
    return says || extensions.read(authorityInfoAccess)?.some(({ method }) => method === AccessMethod.ocsp)
      ? undefined
      : 'nothing says where the revocation status is found';
  },
};
