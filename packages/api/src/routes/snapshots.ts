import { RevocationDeltaQuery } from '../schemas/snapshots.ts';
import { gateProblems, type RouteDefinition } from './route.ts';

const mediaTypes = ['application/vnd.vcc.revocation-snapshot'] as const;

export const snapshotRoutes = {
  getRevocationSnapshot: {
    method: 'GET',
    path: '/api/v1/revocations/snapshot',
    listeners: ['api'],
    tag: 'revocation',
    summary: 'Get the revocation snapshot',
    description:
      'Every unexpired certificate that is revoked, in 8 octets each, signed; DER. It may lack what was revoked in the last seconds: ask for the delta from its revision, then follow the event revocation of the change feed. Answers 304 to If-None-Match.',
    auth: 'mtls',
    operation: 'any',
    response: { status: 200, mediaTypes },
    problems: [...gateProblems],
  },
  getRevocationDelta: {
    method: 'GET',
    path: '/api/v1/revocations/delta',
    listeners: ['api'],
    tag: 'revocation',
    summary: 'Get what was revoked after a revision',
    description:
      'A signed delta up to this moment, empty when there is nothing new; a full snapshot when the revision is so old that the changes since are not known one by one. Answers 304 to If-None-Match.',
    auth: 'mtls',
    operation: 'any',
    query: RevocationDeltaQuery,
    response: { status: 200, mediaTypes },
    problems: [...gateProblems, 'malformed'],
  },
} as const satisfies Readonly<Record<string, RouteDefinition>>;
