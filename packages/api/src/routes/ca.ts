import { caCertificatesExample } from '../examples.ts';
import { CaCertificatesResource, IssuerParams } from '../schemas/ca.ts';
import type { RouteDefinition } from './route.ts';

export const caRoutes = {
  listCaCertificates: {
    method: 'GET',
    path: '/api/v1/ca/certificates',
    listeners: ['api'],
    tag: 'ca',
    summary: 'List the CA certificates',
    description:
      'Root and intermediates with their fingerprints. Open, for who asks has nothing yet: compare the fingerprint of the root with the one the operator handed over.',
    auth: 'none',
    response: { status: 200, schema: CaCertificatesResource, example: caCertificatesExample },
    problems: [],
  },
  getCaChain: {
    method: 'GET',
    path: '/api/v1/ca/chain',
    listeners: ['api'],
    tag: 'ca',
    summary: 'Get the CA certificates as PEM',
    description: 'The intermediate, then the root.',
    auth: 'none',
    response: { status: 200, mediaTypes: ['application/pem-certificate-chain'] },
    problems: [],
  },
  downloadIssuer: {
    method: 'GET',
    path: '/ca/{issuer}.cer',
    listeners: ['public'],
    tag: 'ca',
    summary: 'Download the certificate of an issuer',
    description: 'DER (RFC 2585 s4.1); the address of caIssuers in authorityInfoAccess.',
    auth: 'none',
    params: IssuerParams,
    response: { status: 200, mediaTypes: ['application/pkix-cert'] },
    problems: ['malformed', 'notFound'],
  },
  downloadRoot: {
    method: 'GET',
    path: '/ca/root.pem',
    listeners: ['public'],
    tag: 'ca',
    summary: 'Download the root certificate',
    description: 'PEM. It comes over plain http: trust it only after comparing its fingerprint.',
    auth: 'none',
    response: { status: 200, mediaTypes: ['application/x-pem-file'] },
    problems: [],
  },
} as const satisfies Readonly<Record<string, RouteDefinition>>;
