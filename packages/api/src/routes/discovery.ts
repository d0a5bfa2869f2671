import { discoveredCertificateExample, discoveryPageExample } from '../examples-services.ts';
import {
  DiscoverByIdQuery,
  DiscoveredCertificate,
  DiscoveredCertificateParams,
  DiscoverServicesQuery,
  DiscoveryPage,
  DiscoveryParams,
} from '../schemas/discovery.ts';
import { IfNoneMatchHeaders } from '../schemas/services.ts';
import { gateProblems, type RouteDefinition } from './route.ts';

export const discoveryRoutes = {
  discoverServices: {
    method: 'GET',
    path: '/api/v1/discovery/services',
    aliases: ['/api/v1/discovery/services/'],
    listeners: ['api'],
    tag: 'discovery',
    summary: 'Find services',
    description:
      'All that are not retired, or those of a type: endpoints, state and current certificate, ready for mTLS. If-None-Match answers 304 while nothing has changed; better still, follow the change feed.',
    auth: 'mtls',
    operation: 'any',
    query: DiscoverServicesQuery,
    headers: IfNoneMatchHeaders,
    response: { status: 200, notModified: true, schema: DiscoveryPage, example: discoveryPageExample },
    problems: [...gateProblems, 'malformed'],
  },
  discoverService: {
    method: 'GET',
    path: '/api/v1/discovery/services/{id}',
    listeners: ['api'],
    tag: 'discovery',
    summary: 'Find a service, or the services of a type',
    description:
      'An exact service_id wins and gives a page of one; otherwise it is a type. ?type= of the route above is never ambiguous.',
    auth: 'mtls',
    operation: 'any',
    params: DiscoveryParams,
    query: DiscoverByIdQuery,
    headers: IfNoneMatchHeaders,
    response: { status: 200, notModified: true, schema: DiscoveryPage, example: discoveryPageExample },
    problems: [...gateProblems, 'malformed', 'notFound'],
  },
  discoverCertificate: {
    method: 'GET',
    path: '/api/v1/discovery/services/{id}/cert',
    listeners: ['api'],
    tag: 'discovery',
    summary: 'Get the current certificate of a service',
    description: 'With its chain: as JSON, or as one PEM file when Accept asks for it.',
    auth: 'mtls',
    operation: 'any',
    params: DiscoveredCertificateParams,
    headers: IfNoneMatchHeaders,
    response: {
      status: 200,
      notModified: true,
      schema: DiscoveredCertificate,
      mediaTypes: ['application/pem-certificate-chain'],
      example: discoveredCertificateExample,
    },
    problems: [...gateProblems, 'malformed', 'notFound', 'notAcceptable'],
  },
} as const satisfies Readonly<Record<string, RouteDefinition>>;
