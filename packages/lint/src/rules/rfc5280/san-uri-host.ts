import type { Rule } from '../../rule.ts';
import { quote } from '../../view/elements.ts';
import type { Extended } from '../../view/extension.ts';
import { subjectAltName } from '../../view/extensions/subject-alt-name.ts';

/** scheme://, optional user information, host, optional port (RFC 3986 s3.2). */
const authority = /^[^:]*:\/\/([^/?#@]*@)?([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:\d*)?([/?#]|$)/;

export const rfc5280SanUriHost: Rule<Extended> = {
  id: 'rfc5280_san_uri_host',
  source: 'RFC 5280 s4.2.1.6',
  text: 'A URI in subjectAltName that has an authority names a host in it: a domain name or an IP address.',
  severity: 'error',
  appliesTo: ['certificate'],
  check: ({ extensions }) => {
    const uris = extensions.read(subjectAltName)?.uris ?? [];
    const wrong = uris.find((uri) => /^[^:]*:\/\//.test(uri) && !authority.test(uri));
    return wrong === undefined ? undefined : `${quote(wrong)} has an authority without a host`;
  },
};
