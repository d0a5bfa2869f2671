import type { Rule } from '../../rule.ts';
import { quote } from '../../view/elements.ts';
import type { Extended } from '../../view/extension.ts';
import { statusUrls } from '../../view/status-urls.ts';
import { schemeOf } from '../../view/uri.ts';

export const rfc5280StatusUrlsNotHttps: Rule<Extended> = {
  id: 'rfc5280_status_urls_not_https',
  source: 'RFC 5280 s8',
  text: 'URIs in CRL distribution points, freshest CRL and authorityInfoAccess are not https or ldaps: fetching them would need the very check they serve.',
  severity: 'error',
  appliesTo: ['certificate', 'crl'],
  check: (view) => {
    const wrong = statusUrls(view).find((url) => ['https', 'ldaps'].includes(schemeOf(url)));
    return wrong && `${quote(wrong)} depends on TLS`;
  },
};
