import { renewalPageExample, reportServedExample, servedExample } from '../examples-rotation.ts';
import { ListRenewalsQuery, RenewalPage, ReportServedBody, ServedParams, ServedResource } from '../schemas/rotation.ts';
import { bodyProblems, gateProblems, type RouteDefinition } from './route.ts';

export const rotationRoutes = {
  listRenewals: {
    method: 'GET',
    path: '/api/v1/renewals',
    listeners: ['api'],
    tag: 'rotation',
    summary: 'List renewals',
    description:
      'Who is due (the default), overdue, unproven, renewed, failed or archived; page by page, the earliest window first. A service sees its own, an administrator all.',
    auth: 'mtls',
    operation: 'any',
    query: ListRenewalsQuery,
    response: { status: 200, schema: RenewalPage, example: renewalPageExample },
    problems: [...gateProblems, 'malformed'],
  },
  reportServed: {
    method: 'PUT',
    path: '/api/v1/services/{id}/served',
    listeners: ['api'],
    tag: 'rotation',
    summary: 'Report which certificates endpoints serve',
    description:
      'For the holder of the certificates, after a renewal: a renewal counts as proven when an endpoint serves the new certificate and none the one before. A service reports about itself, an administrator about all.',
    auth: 'mtls',
    operation: 'any',
    params: ServedParams,
    body: { schema: ReportServedBody, required: true, example: reportServedExample },
    response: { status: 200, schema: ServedResource, example: servedExample },
    problems: [...gateProblems, ...bodyProblems, 'notFound'],
  },
  getServed: {
    method: 'GET',
    path: '/api/v1/services/{id}/served',
    listeners: ['api'],
    tag: 'rotation',
    summary: 'Show which certificates endpoints serve',
    description: 'As last reported. A service sees its own, an administrator all.',
    auth: 'mtls',
    operation: 'any',
    params: ServedParams,
    response: { status: 200, schema: ServedResource, example: servedExample },
    problems: [...gateProblems, 'malformed', 'notFound'],
  },
} as const satisfies Readonly<Record<string, RouteDefinition>>;
