import type { Rule } from '../../rule.ts';
import { quote } from '../../view/elements.ts';
import type { Extended } from '../../view/extension.ts';
import { subjectAltName } from '../../view/extensions/subject-alt-name.ts';
import { schemeOf } from '../../view/uri.ts';

const spiffeId = /^spiffe:\/\/[a-z0-9._-]{1,255}(\/(?!\.{1,2}(\/|$))[A-Za-z0-9._-]+)*$/;

export const spiffeIdSyntax: Rule<Extended> = {
  id: 'spiffe_id_syntax',
  source: 'SPIFFE-ID s2',
  text: 'A SPIFFE ID is spiffe://trust-domain/path of at most 2048 octets: trust domain of a-z, 0-9, dot, hyphen, underscore; path segments of letters, digits, dot, hyphen, underscore, none empty, . or ..; nothing else.',
  severity: 'error',
  appliesTo: ['leaf'],
  check: ({ extensions }) => {
    const uris = extensions.read(subjectAltName)?.uris ?? [];
    const wrong = uris.find((uri) => schemeOf(uri) === 'spiffe' && (uri.length > 2048 || !spiffeId.test(uri)));
    return wrong && `${quote(wrong)} is not a SPIFFE ID`;
  },
};
