import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { subjectAltName } from '../../view/extensions/subject-alt-name.ts';
import { schemeOf } from '../../view/uri.ts';

export const spiffeSvidSingleUri: Rule<Extended> = {
  id: 'spiffe_svid_single_uri',
  source: 'SPIFFE X509-SVID s2',
  text: 'A certificate with a SPIFFE ID has exactly one URI in subjectAltName.',
  severity: 'warn',
  appliesTo: ['leaf'],
  check: ({ extensions }) => {
    const uris = extensions.read(subjectAltName)?.uris ?? [];
    return uris.length > 1 && uris.some((uri) => schemeOf(uri) === 'spiffe')
      ? `a SPIFFE ID beside ${uris.length - 1} other URIs`
      : undefined;
  },
};
