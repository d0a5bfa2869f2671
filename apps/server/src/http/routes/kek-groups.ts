import { type KekGroupResource, PkiError } from '@vcc-pki/api';
import { deliverGroupKey } from '../../keks/deliver-group-key.ts';
import type { KekDeps } from '../../keks/deps.ts';
import { findGroup, listVisibleGroups, membersOf } from '../../keks/find-groups.ts';
import { findLine } from '../../keks/grants.ts';
import { addMember, beginEpoch, createGroup } from '../../keks/groups.ts';
import { unlistedAdvice } from '../../policy/index.ts';
import type { KekGroupRecord } from '../../store/index.ts';
import type { Handlers } from '../call.ts';
import { chainPem, wireTime } from './certificate-resource.ts';

type Ids =
  | 'createKekGroup'
  | 'listKekGroups'
  | 'getKekGroup'
  | 'addKekGroupMember'
  | 'removeKekGroupMember'
  | 'nextKekGroupEpoch'
  | 'openKekGroup';

/** Groups of lines of key-encryption keys. */
export function kekGroupHandlers({ keks }: { readonly keks: KekDeps }): Handlers<Ids> {
  const { store, policy, issuer } = keks.issuance;
  const withMembers = async (group: KekGroupRecord): Promise<KekGroupResource> => ({
    ...toGroup(group),
    members: [...(await membersOf(store, group))],
  });
  return {
    createKekGroup: async ({ requester, params, body }) => {
      const { lineId, name: line } = await findLine(store, params.id);
      const { tenant, group: name, mode = 'sealed' } = body;
      return withMembers(await createGroup(keks, requester, { line, lineId, tenant, name, mode }));
    },

    listKekGroups: async ({ requester, params, query }) => {
      const filter = { id: params.id, ...query, limit: query.limit ?? 50 };
      const { items, nextCursor } = await listVisibleGroups(store, requester, filter);
      return { items: items.map(toGroup), next_cursor: nextCursor };
    },

    getKekGroup: async ({ requester, params }) => {
      const { group, members } = await findGroup(store, requester, params);
      return { ...toGroup(group), members: [...members] };
    },

    addKekGroupMember: async ({ requester, params }) => {
      const { service_id: serviceId } = params;
      const { group } = await findGroup(store, requester, params);
      if (policy.entryFor(serviceId) === undefined) {
        throw new PkiError('notFound', `the service "${serviceId}" is not on the whitelist`, {
          field: 'service_id',
          advice: unlistedAdvice,
        });
      }
      return withMembers(await addMember(keks, requester, { group, serviceId }));
    },

    removeKekGroupMember: async ({ requester, params }) => {
      const { group } = await findGroup(store, requester, params);
      return withMembers(await beginEpoch(keks, requester, { group, cause: { without: params.service_id } }));
    },

    nextKekGroupEpoch: async ({ requester, params, body }) => {
      const { group } = await findGroup(store, requester, params);
      return withMembers(await beginEpoch(keks, requester, { group, cause: { comment: body?.comment } }));
    },

    openKekGroup: async ({ requester, params, body, reply }) => {
      // RFC 9111 s5.2.2.5: sealed or not, it is for nobody else.
      reply.header('cache-control', 'no-store');
      return { ...(await deliverGroupKey(keks, requester, { ...params, ...body })), chain_pem: chainPem(issuer) };
    },
  };
}

function toGroup(group: KekGroupRecord): KekGroupResource {
  return {
    line: group.line,
    line_id: group.lineId,
    tenant: group.tenant,
    group: group.name,
    mode: group.mode,
    epoch: group.epoch,
    epoch_started_at: wireTime(group.epochStartedAt),
    key_id: group.keyId,
    created_at: wireTime(group.createdAt),
  };
}
