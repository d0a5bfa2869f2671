import { crlExample, revocationExample, serialCheckExample } from '../examples.ts';
import { IssuerParams } from '../schemas/ca.ts';
import { CrlResource, CrlShardParams } from '../schemas/crl.ts';
import {
  CheckSerialParams,
  RevocationResource,
  RevokeBySerialBody,
  RevokeBySerialQuery,
  SerialCheckResource,
} from '../schemas/revocation.ts';
import { bodyProblems, gateProblems, type RouteDefinition } from './route.ts';

export const revocationRoutes = {
  getCrl: {
    method: 'GET',
    path: '/api/v1/crl',
    listeners: ['api'],
    tag: 'revocation',
    summary: 'Get the full CRL',
    description:
      'It has everything that was revoked before the request: when the next one is due to be made, the answer waits for it, five seconds at most. By the Accept header: DER (the default), PEM, or a JSON view of the same list.',
    auth: 'none',
    response: {
      status: 200,
      schema: CrlResource,
      mediaTypes: ['application/pkix-crl', 'application/x-pem-file'],
      example: crlExample,
    },
    problems: ['notAcceptable'],
  },
  revokeBySerial: {
    method: 'POST',
    path: '/api/v1/crl/revoke',
    listeners: ['api'],
    tag: 'revocation',
    summary: 'Revoke a certificate by id or serial number',
    description: 'The same operation as DELETE /certificates/{id}/revoke, for those who have only the serial number.',
    auth: 'mtls',
    operation: 'revoke',
    query: RevokeBySerialQuery,
    body: {
      schema: RevokeBySerialBody,
      required: true,
      example: { serial_number: revocationExample.serial_number, reason: 'key_compromise' },
    },
    response: { status: 200, schema: RevocationResource, example: revocationExample },
    problems: [
      ...gateProblems,
      ...bodyProblems,
      'badRevocationReason',
      'notFound',
      'alreadyRevoked',
      'certificateNotActive',
    ],
  },
  checkSerial: {
    method: 'GET',
    path: '/api/v1/crl/check/{serial}',
    listeners: ['api'],
    tag: 'revocation',
    summary: 'Check whether a certificate is revoked',
    description:
      'Takes hex or decimal, and answers from the ledger, which knows a revocation before any CRL does. A serial number that was never issued is notFound, never "not revoked".',
    auth: 'mtls',
    operation: 'any',
    params: CheckSerialParams,
    response: { status: 200, schema: SerialCheckResource, example: serialCheckExample },
    problems: [...gateProblems, 'malformed', 'notFound'],
  },
  downloadCrlShard: {
    method: 'GET',
    path: '/crl/{issuer}/{shard}.crl',
    listeners: ['public', 'api'],
    tag: 'revocation',
    summary: 'Download a part of the CRL of an issuer',
    description:
      'DER (RFC 2585 s4.2); the address in cRLDistributionPoints of the certificates that it is for, and in its own issuingDistributionPoint. Answers 304 to If-None-Match and If-Modified-Since; may be kept for a minute.',
    auth: 'none',
    params: CrlShardParams,
    response: { status: 200, mediaTypes: ['application/pkix-crl'] },
    problems: ['malformed', 'notFound'],
  },
  downloadDeltaCrl: {
    method: 'GET',
    path: '/crl/{issuer}/delta.crl',
    listeners: ['public'],
    tag: 'revocation',
    summary: 'Download the delta CRL of an issuer',
    description:
      'What was revoked since the full CRL of its BaseCRLNumber (RFC 5280 s5.2.4); the address in freshestCRL of the full CRL, of which every one that has not passed its nextUpdate will do as a base. Answers 304 as above.',
    auth: 'none',
    params: IssuerParams,
    response: { status: 200, mediaTypes: ['application/pkix-crl'] },
    problems: ['malformed', 'notFound'],
  },
  downloadCrl: {
    method: 'GET',
    path: '/crl/{issuer}.crl',
    listeners: ['public'],
    tag: 'revocation',
    summary: 'Download the full CRL of an issuer',
    description:
      'DER (RFC 2585 s4.2), without issuingDistributionPoint: it is for all certificates of the issuer. Answers 304 as above.',
    auth: 'none',
    params: IssuerParams,
    response: { status: 200, mediaTypes: ['application/pkix-crl'] },
    problems: ['malformed', 'notFound'],
  },
} as const satisfies Readonly<Record<string, RouteDefinition>>;
