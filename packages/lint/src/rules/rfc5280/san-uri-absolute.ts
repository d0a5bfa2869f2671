import type { Rule } from '../../rule.ts';
import { quote } from '../../view/elements.ts';
import type { Extended } from '../../view/extension.ts';
import { subjectAltName } from '../../view/extensions/subject-alt-name.ts';
import { isAbsoluteUri } from '../../view/uri.ts';

export const rfc5280SanUriAbsolute: Rule<Extended> = {
  id: 'rfc5280_san_uri_absolute',
  source: 'RFC 5280 s4.2.1.6, RFC 3986 s4.3',
  text: 'A URI in subjectAltName is absolute: a scheme and something after it.',
  severity: 'error',
  appliesTo: ['certificate'],
  check: ({ extensions }) => {
    const wrong = extensions.read(subjectAltName)?.uris.find((uri) => !isAbsoluteUri(uri));
    return wrong === undefined ? undefined : `${quote(wrong)} is not an absolute URI`;
  },
};
