import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SnapshotPublisher } from '../../revocation/snapshot-publisher.ts';
import type { SignedSnapshot } from '../../revocation/snapshot-signer.ts';
import type { Handlers } from '../call.ts';

type Ids = 'getRevocationSnapshot' | 'getRevocationDelta';

/** The revocation snapshot, whole and in part. */
export function snapshotHandlers({ snapshots }: { readonly snapshots: SnapshotPublisher }): Handlers<Ids> {
  return {
    getRevocationSnapshot: async ({ request, reply }) => send(request, reply, await snapshots.full()),
    getRevocationDelta: async ({ request, reply, query }) =>
      send(request, reply, await snapshots.deltaFrom(query.from)),
  };
}

/** 304 to who has it already (RFC 9110 s13.1.2); a copy is never used without asking. */
function send(request: FastifyRequest, reply: FastifyReply, { der, sha256 }: SignedSnapshot): FastifyReply {
  const etag = `"${sha256}"`;
  reply.headers({ etag, 'cache-control': 'private, no-cache' });
  const tags = request.headers['if-none-match']?.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (tags?.some((tag) => tag === '*' || tag === etag)) return reply.code(304).send();
  return reply
    .type('application/vnd.vcc.revocation-snapshot')
    .send(Buffer.from(der.buffer, der.byteOffset, der.length));
}
