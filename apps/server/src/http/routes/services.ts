import { PkiError, type ServiceResource } from '@vcc-pki/api';
import type { FastifyReply } from 'fastify';
import { type RegistryDeps, registerService, retireService, updateService } from '../../registry/registry.ts';
import { healthChanges, listServices, type ServiceRecord, serviceById } from '../../store/index.ts';
import type { Handlers } from '../call.ts';
import { answerIfKnown, revisionTag, revisionToMatch } from '../entity-tag.ts';
import { wireTime } from './certificate-resource.ts';
import { toServiceResource } from './service-resource.ts';

type Ids =
  | 'registerService'
  | 'listServices'
  | 'getService'
  | 'updateService'
  | 'retireService'
  | 'getServiceHealthHistory';

/** The registry of services. Everybody with a certificate may read it; a service changes its own entry. */
export function serviceHandlers(deps: RegistryDeps): Handlers<Ids> {
  const { store, clock } = deps;
  const find = async (serviceId: string): Promise<ServiceRecord> => {
    const service = await serviceById(store.read, serviceId);
    if (service === undefined) throw new PkiError('notFound', `the service "${serviceId}" is not registered`);
    return service;
  };
  const answer = (service: ServiceRecord, reply: FastifyReply): ServiceResource => {
    reply.header('etag', revisionTag(service.revision));
    return toServiceResource(service, clock.now());
  };
  return {
    registerService: async ({ requester, body, reply }) => {
      const { service, outcome } = await registerService(deps, requester, body);
      if (outcome === 'registered') reply.header('location', `/api/v1/services/${service.serviceId}`);
      else reply.code(200);
      return answer(service, reply);
    },

    listServices: async ({ query }) => {
      const { type, status, limit = 50, cursor } = query;
      const page = await listServices(store.read, { type, status, limit, cursor });
      const now = clock.now();
      return {
        items: page.items.map((service) => toServiceResource(service, now)),
        next_cursor: page.nextCursor ?? null,
      };
    },

    getService: async ({ params, request, reply }) => {
      const service = await find(params.service_id);
      return answerIfKnown(request, reply, revisionTag(service.revision)) ?? answer(service, reply);
    },

    updateService: async ({ requester, params, headers, body, reply }) => {
      const revision = revisionToMatch(headers['if-match']);
      return answer(await updateService(deps, requester, { serviceId: params.service_id, body, revision }), reply);
    },

    retireService: async ({ requester, params, headers, reply }) => {
      const revision = revisionToMatch(headers['if-match']);
      return answer(await retireService(deps, requester, { serviceId: params.service_id, revision }), reply);
    },

    getServiceHealthHistory: async ({ params }) => {
      const { serviceId, status } = await find(params.service_id);
      const changes = await healthChanges(store.read, serviceId);
      return {
        service_id: serviceId,
        status,
        items: changes.map((change) => ({
          at: wireTime(change.changedAt),
          status: change.status,
          previous_status: change.previousStatus,
          detail: change.detail,
          duration_ms: change.durationMs,
        })),
      };
    },
  };
}
