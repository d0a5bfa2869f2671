import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import type { Issuer } from '../../authority/issuer.ts';
import type { IssuanceDeps } from '../../issuance/deps.ts';
import type { Idempotency, Issued } from '../../issuance/issue.ts';
import { renewCertificate } from '../../issuance/renew.ts';
import { requestCertificate } from '../../issuance/request.ts';
import { onlyOwn } from '../../policy/index.ts';
import type { Requester } from '../../requester.ts';
import { findDangers } from '../../rotation/dangers.ts';
import { findRenewalInfo } from '../../rotation/find-renewal-info.ts';
import { askAgainSeconds } from '../../rotation/renewal-info.ts';
import { listCertificates } from '../../store/index.ts';
import type { Call, Handlers } from '../call.ts';
import { answerIfChanged } from '../entity-tag.ts';
import { csrDer, orderedValidity, toOrder } from './certificate-order.ts';
import { toRenewalInfo, toResource, toSummary } from './certificate-resource.ts';
import { findCertificate } from './find-certificate.ts';
import { kekMembersOf, listKekCertificates } from './kek-certificates.ts';

type Ids = 'requestCertificate' | 'listCertificates' | 'getCertificate' | 'getRenewalInfo' | 'renewCertificate';

/** Issuing and showing certificates. */
export function certificateHandlers(deps: IssuanceDeps): Handlers<Ids> {
  const { store, clock, issuer, rules } = deps;
  return {
    requestCertificate: async (call) => {
      const issued = await requestCertificate(deps, call.requester, toOrder(call.body), idempotencyOf(call));
      return answerIssued(issued, call.reply, deps);
    },

    renewCertificate: async (call) => {
      const old = await findCertificate(deps, call.requester, call.params.id);
      const issued = await renewCertificate(deps, call.requester, {
        old,
        csr: csrDer(call.body.csr),
        validity: orderedValidity(call.body),
        idempotency: idempotencyOf(call),
      });
      return answerIssued(issued, call.reply, deps);
    },

    getCertificate: async ({ requester, params }) => {
      const record = await findCertificate(deps, requester, params.id);
      const danger = (await findDangers(store, [record])).get(record.certificateId);
      const resource = toResource(record, { issuer, now: clock.now(), rules, danger });
      return { ...resource, ...(await kekMembersOf(deps, requester, record)) };
    },

    getRenewalInfo: async ({ requester, params, reply }) => {
      const record = await findCertificate(deps, requester, params.id);
      reply.header('retry-after', String(askAgainSeconds(record, rules.renewal)));
      return toRenewalInfo(record, await findRenewalInfo(deps, record));
    },

    listCertificates: async ({ requester, query, request, reply }) => {
      if (query.type === 'KEK') {
        return answerIfChanged({ request, reply }, await listKekCertificates(deps, requester, query));
      }
      const now = clock.now();
      const page = await listCertificates(store.read, {
        service: visibleService(requester, query.service),
        status: query.status,
        name: query.name?.toLowerCase(),
        expiringBefore:
          query.expiring_within_days === undefined ? undefined : now + query.expiring_within_days * 86_400_000,
        issuer: query.issuer === undefined ? undefined : issuerId(query.issuer, issuer),
        limit: query.limit ?? 50,
        cursor: query.cursor,
        now,
      });
      const dangers = await findDangers(store, page.items);
      return {
        items: page.items.map((record) =>
          toSummary(record, { issuer, now, rules, danger: dangers.get(record.certificateId) }),
        ),
        next_cursor: page.nextCursor ?? null,
      };
    },
  };
}

/** A service sees its own certificates, an administrator all. */
function visibleService(requester: Requester, asked: string | undefined): string | undefined {
  if (requester.isAdmin) return asked;
  if (asked === undefined || asked === requester.serviceId) return requester.serviceId;
  throw onlyOwn(`"${requester.serviceId}" may list its own certificates only`, 'service');
}

/** The filter names an issuer as people do; the ledger knows it by its key. An unknown one has issued nothing. */
function issuerId(name: string, issuer: Issuer): string {
  return name === issuer.commonName ? issuer.issuerId : name;
}

function answerIssued(issued: Issued, reply: FastifyReply, { issuer, clock, rules }: IssuanceDeps) {
  const resource = toResource(issued.certificate, { issuer, now: clock.now(), rules, names: issued.names });
  reply.header('location', resource.links.self);
  if (issued.replayed) reply.header('idempotency-replayed', 'true');
  return issued.dropCandidate === undefined ? resource : { ...resource, drop_candidate: issued.dropCandidate };
}

/** Draft "The Idempotency-Key HTTP Header Field" s2: the key counts together with what was asked under it. */
function idempotencyOf(call: {
  readonly headers: { readonly 'idempotency-key'?: string } | undefined;
  readonly body: unknown;
  readonly request: Call<unknown>['request'];
}): Idempotency | undefined {
  const key = call.headers?.['idempotency-key'];
  if (key === undefined) return undefined;
  const asked = JSON.stringify([call.request.method, call.request.url, call.body]);
  return { key, requestSha256: createHash('sha256').update(asked).digest('hex') };
}
