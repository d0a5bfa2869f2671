import { type DiscoveryPage, PkiError } from '@vcc-pki/api';
import { encodePem } from '@vcc-pki/asn1';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Issuer } from '../../authority/issuer.ts';
import type { Clock } from '../../clock.ts';
import {
  type DiscoveredRecord,
  discoverById,
  discoverServices,
  newestChange,
  type ServiceFilter,
  type Store,
} from '../../store/index.ts';
import type { Handlers } from '../call.ts';
import { answerIfKnown } from '../entity-tag.ts';
import { toDiscoveredCertificate, toDiscoveredService } from './service-resource.ts';

export interface DiscoveryDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly issuer: Issuer;
  readonly rules: { readonly trustDomain: string };
}

type Ids = 'discoverServices' | 'discoverService' | 'discoverCertificate';

/** Who is where, and with which certificate: for every service that has one itself. */
export function discoveryHandlers({ store, clock, issuer, rules }: DiscoveryDeps): Handlers<Ids> {
  const { trustDomain } = rules;
  const chainPem = issuer.chain.map((der) => encodePem('CERTIFICATE', der)).join('');
  // The chain is in every answer, so it is in every tag.
  const chainTag = issuer.issuerId.slice(0, 8);
  const tagOf = (service: DiscoveredRecord): string => `"${service.revision}-${chainTag}"`;

  const toPage = (services: readonly DiscoveredRecord[], nextCursor?: string): DiscoveryPage => ({
    items: services.map((service) => toDiscoveredService(service, { now: clock.now(), trustDomain })),
    next_cursor: nextCursor ?? null,
    chain_pem: chainPem,
  });

  /** A list changes with any change of any service; its tag is read before it, so that it is never too new. */
  const answerList = async (
    filter: ServiceFilter,
    { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  ): Promise<DiscoveryPage | FastifyReply> => {
    const known = answerIfKnown(request, reply, `"c${await newestChange(store.read)}-${chainTag}"`);
    if (known !== undefined) return known;
    const { items, nextCursor } = await discoverServices(store.read, filter);
    return toPage(items, nextCursor);
  };

  return {
    discoverServices: ({ query, request, reply }) =>
      answerList(
        { type: query.type, status: query.status, limit: query.limit ?? 50, cursor: query.cursor },
        { request, reply },
      ),

    discoverService: async ({ params, query, request, reply }) => {
      const service = await discoverById(store.read, params.id);
      if (service !== undefined) return answerIfKnown(request, reply, tagOf(service)) ?? toPage([service]);
      const { limit = 50, cursor } = query;
      // A type that nobody has is no different from a service that there is not.
      const some = await discoverServices(store.read, { type: params.id, limit: 1 });
      if (some.items.length === 0) throw new PkiError('notFound', `there is no service and no type "${params.id}"`);
      return answerList({ type: params.id, limit, cursor }, { request, reply });
    },

    discoverCertificate: async ({ params, request, reply }) => {
      const service = await discoverById(store.read, params.id);
      const found = service && toDiscoveredCertificate(service, { now: clock.now(), trustDomain, chainPem });
      if (service === undefined || found === undefined) {
        throw new PkiError('notFound', `the service "${params.id}" is not registered, or has no certificate`);
      }
      reply.header('vary', 'accept');
      const type = request.accepts().type(['application/json', 'application/pem-certificate-chain']);
      switch (type) {
        case 'application/json':
          return answerIfKnown(request, reply, tagOf(service)) ?? found;
        case 'application/pem-certificate-chain': {
          const pem = `${found.certificate_pem}${found.chain_pem}`;
          const known = answerIfKnown(request, reply, `"${service.revision}-${chainTag}-pem"`);
          return known ?? reply.type(type).send(pem);
        }
        default:
          throw new PkiError(
            'notAcceptable',
            'a certificate comes as application/json or application/pem-certificate-chain',
          );
      }
    },
  };
}
