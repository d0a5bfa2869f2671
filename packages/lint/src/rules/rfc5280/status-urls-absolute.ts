import type { Rule } from '../../rule.ts';
import { quote } from '../../view/elements.ts';
import type { Extended } from '../../view/extension.ts';
import { statusUrls } from '../../view/status-urls.ts';
import { isAbsoluteUri } from '../../view/uri.ts';

export const rfc5280StatusUrlsAbsolute: Rule<Extended> = {
  id: 'rfc5280_status_urls_absolute',
  source: 'RFC 5280 s4.2.1.13, s4.2.2.1',
  text: 'URIs in CRL distribution points, freshest CRL and authorityInfoAccess are absolute.',
  severity: 'error',
  appliesTo: ['certificate', 'crl'],
  check: (view) => {
    const wrong = statusUrls(view).find((url) => !isAbsoluteUri(url));
    return wrong === undefined ? undefined : `${quote(wrong)} is not an absolute URI`;
  },
};
