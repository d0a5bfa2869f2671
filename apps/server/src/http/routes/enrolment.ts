import type { EnrolmentResource, TokenResource } from '@vcc-pki/api';
import { encodePem } from '@vcc-pki/asn1';
import { createToken } from '../../enrolment/create-token.ts';
import type { EnrolmentDeps } from '../../enrolment/deps.ts';
import { enrol } from '../../enrolment/enrol.ts';
import { tokenNames } from '../../enrolment/token-names.ts';
import type { Requester } from '../../requester.ts';
import { type EnrolmentTokenRecord, listEnrolmentTokens } from '../../store/index.ts';
import type { Handlers } from '../call.ts';
import { csrDer, orderedValidity } from './certificate-order.ts';
import { toResource, wireTime } from './certificate-resource.ts';

type Ids = 'enrol' | 'createToken' | 'listTokens' | 'revokeToken';

/** One-time tokens, and the first certificate that each is good for. */
export function enrolmentHandlers(deps: EnrolmentDeps): Handlers<Ids> {
  const { store, clock, issuer, rules } = deps;
  const rootPem = encodePem('CERTIFICATE', issuer.rootCertificate.der);
  return {
    enrol: async ({ body, request, reply }): Promise<EnrolmentResource> => {
      const caller = { clientIp: request.ip, requestId: request.id };
      const issued = await enrol(deps, caller, {
        token: body.token,
        csr: csrDer(body.csr),
        validity: orderedValidity(body),
        keyType: body.key_type,
        metadata: body.metadata,
      });
      const { certificate, names, replayed } = issued;
      const resource = toResource(certificate, { issuer, now: clock.now(), rules, names });
      reply.header('location', resource.links.self);
      if (replayed) reply.header('idempotency-replayed', 'true');
      return { ...resource, root_pem: rootPem };
    },

    createToken: async ({ requester, body }) => {
      const { record, text } = await createToken(deps, requester, {
        serviceId: body.service_name,
        ttlMs: body.ttl_seconds === undefined ? undefined : body.ttl_seconds * 1000,
        dns: body.dns ?? [],
        ip: body.ip ?? [],
        csrKeySha256: body.csr_key_sha256,
        serverUrl: body.server_url,
        comment: body.comment,
      });
      return { ...toToken(record, clock.now()), token: text };
    },

    listTokens: async ({ query }) => {
      const { service, cursor, limit = 50 } = query;
      const page = await listEnrolmentTokens(store.read, { service, cursor, limit });
      const now = clock.now();
      return { items: page.items.map((record) => toToken(record, now)), next_cursor: page.nextCursor ?? null };
    },

    revokeToken: async ({ requester, params }) => {
      const now = clock.now();
      const audit = revocationEvent(requester, { tokenId: params.id, now });
      return toToken(await store.ledger.submit('revokeToken', { tokenId: params.id, now, audit }), now);
    },
  };
}

function revocationEvent(requester: Requester, { tokenId, now }: { tokenId: string; now: number }) {
  return {
    timestamp: now,
    requestId: requester.requestId,
    serviceId: null,
    action: 'revoke-token',
    certificateId: null,
    clientIp: requester.clientIp,
    clientCertFingerprint: requester.fingerprint,
    status: 'success' as const,
    details: { token_id: tokenId },
  };
}

function toToken(record: EnrolmentTokenRecord, now: number): TokenResource {
  return {
    token_id: record.tokenId,
    service_name: record.serviceId,
    status: statusOf(record, now),
    ...namesOf(record),
    ...(record.csrKeySha256 !== null && { csr_key_sha256: record.csrKeySha256 }),
    ...(record.comment !== null && { comment: record.comment }),
    created_at: wireTime(record.createdAt),
    created_by: record.createdBy,
    expires_at: wireTime(record.expiresAt),
    ...(record.usedAt !== null && { used_at: wireTime(record.usedAt) }),
    ...(record.certificateId !== null && { certificate_id: record.certificateId }),
    ...(record.revokedAt !== null && { revoked_at: wireTime(record.revokedAt) }),
  };
}

function namesOf(record: EnrolmentTokenRecord): Pick<TokenResource, 'dns' | 'ip'> {
  const { dns, ip } = tokenNames(record);
  return { dns: [...dns], ip: [...ip] };
}

/** What happened first is what is told: a token that was used and then ran out was used. */
function statusOf({ usedAt, revokedAt, expiresAt }: EnrolmentTokenRecord, now: number): TokenResource['status'] {
  if (revokedAt !== null) return 'revoked';
  if (usedAt !== null) return 'used';
  return expiresAt <= now ? 'expired' : 'open';
}
