import { IssuerParams } from '../schemas/ca.ts';
import { OcspParams } from '../schemas/ocsp.ts';
import type { RouteDefinition } from './route.ts';

const mediaTypes = ['application/ocsp-response'] as const;

export const ocspRoutes = {
  getOcsp: {
    method: 'GET',
    path: '/ocsp/{issuer}/{request}',
    // For clients that have one responder configured for all issuers.
    aliases: ['/ocsp/{request}'],
    listeners: ['public'],
    tag: 'revocation',
    summary: 'Ask by GET whether a certificate is revoked',
    description:
      'The form that caches keep (RFC 6960 A.1, RFC 9919 s6). Every answer is an OCSP response with status 200, also to what is malformed or about a foreign issuer.',
    auth: 'none',
    params: OcspParams,
    response: { status: 200, mediaTypes },
    problems: [],
  },
  postOcsp: {
    method: 'POST',
    path: '/ocsp/{issuer}',
    aliases: ['/ocsp'],
    listeners: ['public'],
    tag: 'revocation',
    summary: 'Ask whether a certificate is revoked',
    description:
      'The address of ocsp in authorityInfoAccess (RFC 6960). Takes an OCSPRequest in DER, with or without a nonce (RFC 9654). Every answer is an OCSP response with status 200, also to what is malformed or about a foreign issuer.',
    auth: 'none',
    params: IssuerParams,
    octets: { mediaType: 'application/ocsp-request', description: 'OCSPRequest in DER (RFC 6960 s4.1).' },
    response: { status: 200, mediaTypes },
    problems: [],
  },
} as const satisfies Readonly<Record<string, RouteDefinition>>;
