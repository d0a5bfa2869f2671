import type { Route } from '@vcc-pki/api';

const keys =
  'Check the id of the key (kek_123) or the name of its line; GET /api/v1/keks lists those that you may use.';

/** Beginnings of paths, the first that fits decides; and what to do when what such a path names is not there. */
const adviceByPath: readonly (readonly [string, string])[] = [
  ['/api/v1/certificates/{id}/rotate', keys],
  [
    '/api/v1/certificates/',
    'Check the identifier: a certificate_id, or a service_id that has a current certificate; GET /api/v1/certificates/ lists them.',
  ],
  [
    '/api/v1/crl/',
    'Check the certificate_id, or the serial number: in hex or in decimal, of a certificate of this PKI.',
  ],
  ['/api/v1/tokens', 'Check the token_id; GET /api/v1/tokens lists every token.'],
  ['/api/v1/services/', 'Check the service_id; GET /api/v1/services/ lists what is registered.'],
  ['/api/v1/discovery/', 'Check the service_id or the type; GET /api/v1/discovery/services lists what can be found.'],
  [
    '/api/v1/keks/{id}/groups',
    'Check the line (its name, or kek_123 of it), tenant, group, epoch and member; vcc-pki kek group list shows the groups of a line.',
  ],
  ['/api/v1/keks', keys],
  [
    '/api/v1/webhooks',
    'Check the webhook_id, and the delivery_id if there is one; GET /api/v1/webhooks lists webhooks.',
  ],
  ['/crl/', 'Take the address from the certificate (cRLDistributionPoints), or the full list from /api/v1/crl.'],
  ['/ca/', 'Check the issuer_id; GET /api/v1/ca/certificates on the API listener lists the issuers.'],
];

const noSuchPath = 'Check method and path: GET /api/v1/openapi.json on the API listener has every route.';

/** What to do about something that is not there, by the route on which it was looked for; without one it is the path. */
export function notFoundAdvice(route: Pick<Route, 'path'> | undefined): string | undefined {
  if (route === undefined) return noSuchPath;
  return adviceByPath.find(([path]) => route.path.startsWith(path))?.[1];
}
