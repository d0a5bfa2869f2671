import { kekGroupDeliveryExample, kekGroupExample, openKekGroupExample } from '../examples-kek-groups.ts';
import {
  CreateKekGroupBody,
  KekGroupDelivery,
  KekGroupMemberParams,
  KekGroupPage,
  KekGroupParams,
  KekGroupResource,
  ListKekGroupsQuery,
  NextKekGroupEpochBody,
  OpenKekGroupBody,
} from '../schemas/kek-groups.ts';
import { KekParams } from '../schemas/keks.ts';
import { bodyProblems, gateProblems, type RouteDefinition } from './route.ts';

const common = { listeners: ['api'], tag: 'keks', auth: 'mtls' } as const;
const group = '/api/v1/keks/{id}/groups/{tenant}/{group}';
const { members: _, ...listedGroupExample } = kekGroupExample;
const response = { status: 200, schema: KekGroupResource, example: kekGroupExample } as const;

export const kekGroupRoutes = {
  createKekGroup: {
    ...common,
    method: 'POST',
    path: '/api/v1/keks/{id}/groups',
    summary: 'Create a group of a line',
    description:
      'Without members, in epoch 1; a sealed one with a random key. A name is never given again: a group stays, with all its epochs.',
    operation: 'admin',
    params: KekParams,
    body: {
      schema: CreateKekGroupBody,
      required: true,
      example: { tenant: 'acme', group: 'doctors', mode: 'sealed' },
    },
    response: { ...response, status: 201, example: { ...kekGroupExample, epoch: 1, members: [] } },
    problems: [...gateProblems, ...bodyProblems, 'notFound', 'conflict'],
  },
  listKekGroups: {
    ...common,
    method: 'GET',
    path: '/api/v1/keks/{id}/groups',
    summary: 'List the groups of a line',
    description:
      'By tenant and name, with mode and epoch: an administrator sees all, a service that has the grant read or write those that it is a member of.',
    operation: 'any',
    params: KekParams,
    query: ListKekGroupsQuery,
    response: {
      status: 200,
      schema: KekGroupPage,
      example: { items: [listedGroupExample], next_cursor: null },
    },
    problems: [...gateProblems, 'malformed', 'notFound'],
  },
  getKekGroup: {
    ...common,
    method: 'GET',
    path: group,
    summary: 'Show a group',
    description: 'With its members, to an administrator; a member sees itself.',
    operation: 'any',
    params: KekGroupParams,
    response,
    problems: [...gateProblems, 'malformed', 'notFound'],
  },
  addKekGroupMember: {
    ...common,
    method: 'PUT',
    path: `${group}/members/{service_id}`,
    summary: 'Add a member to a group',
    description:
      'The service must be in the whitelist, and needs the grant read or write on the line to be given the keys, of all epochs.',
    operation: 'admin',
    params: KekGroupMemberParams,
    response,
    problems: [...gateProblems, 'malformed', 'notFound', 'quotaExceeded'],
  },
  removeKekGroupMember: {
    ...common,
    method: 'DELETE',
    path: `${group}/members/{service_id}`,
    summary: 'Remove a member from a group',
    description:
      'Begins the next epoch in the same step, with a new random key where the group is sealed. It takes no key back that the service has already: what is old is to be encrypted anew.',
    operation: 'admin',
    params: KekGroupMemberParams,
    response,
    problems: [...gateProblems, 'malformed', 'notFound', 'conflict'],
  },
  nextKekGroupEpoch: {
    ...common,
    method: 'POST',
    path: `${group}/epochs`,
    summary: 'Begin the next epoch of a group',
    description: 'With a new random key where the group is sealed. Members read what is of older epochs as before.',
    operation: 'admin',
    params: KekGroupParams,
    body: { schema: NextKekGroupEpochBody, required: false, example: { comment: 'a year is over' } },
    response: { ...response, status: 201 },
    problems: [...gateProblems, ...bodyProblems, 'notFound', 'conflict'],
  },
  openKekGroup: {
    ...common,
    method: 'POST',
    path: `${group}/open`,
    summary: 'Fetch the key of a sealed group',
    description:
      'Seals the key of one epoch to the ephemeral public key of the signed request, bound to line, tenant, group, epoch, client certificate, ephemeral key and nonce, and signs it. Needs membership and the grant read or write on the line. Every delivery is audited.',
    operation: 'any',
    params: KekGroupParams,
    body: { schema: OpenKekGroupBody, required: true, example: openKekGroupExample },
    response: { status: 200, schema: KekGroupDelivery, example: kekGroupDeliveryExample },
    problems: [...gateProblems, ...bodyProblems, 'badKekRequest', 'notFound', 'conflict', 'rateLimited'],
  },
} as const satisfies Readonly<Record<string, RouteDefinition>>;
