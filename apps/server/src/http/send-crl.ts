import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ServedCrl } from '../revocation/served-crls.ts';
import { isKnownTag } from './entity-tag.ts';

/** A minute, so that a revocation is seen soon. */
const maxAgeSeconds = 60;

/** Sends a CRL as caches like it, or 304 to who has it already (RFC 9110 s13). Never kept beyond its nextUpdate. */
export function sendCrl(request: FastifyRequest, reply: FastifyReply, crl: ServedCrl, now: number): FastifyReply {
  const left = Math.max(0, Math.floor((crl.nextUpdate - now) / 1000));
  const maxAge = Math.min(maxAgeSeconds, left);
  const etag = `"${crl.sha256}"`;
  reply.headers({
    'content-type': 'application/pkix-crl',
    etag,
    expires: new Date(now + maxAge * 1000).toUTCString(),
    // A copy that is still good beats none while the server is away (RFC 5861 s4).
    'cache-control': `public, max-age=${maxAge}, stale-if-error=${left - maxAge}, no-transform`,
  });
  // RFC 9110 s8.8.2.1: never in the future, where it may be when several CRLs are made within a second.
  if (crl.publishedAt <= now) reply.header('last-modified', new Date(crl.publishedAt).toUTCString());
  if (isKnown(request, { etag, publishedAt: crl.publishedAt, now })) return reply.code(304).send();
  return reply.send(Buffer.from(crl.der.buffer, crl.der.byteOffset, crl.der.length));
}

/** RFC 9110 s13.2.2: If-None-Match counts, and If-Modified-Since only without it. */
function isKnown(
  request: FastifyRequest,
  { etag, publishedAt, now }: { etag: string; publishedAt: number; now: number },
): boolean {
  const { headers } = request;
  if (headers['if-none-match'] !== undefined) return isKnownTag(request, etag);
  const since = headers['if-modified-since'];
  return since !== undefined && publishedAt <= now && publishedAt <= Date.parse(since);
}
