import { createHash } from 'node:crypto';
import { PkiError } from '@vcc-pki/api';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Whether the caller has what the tag names (RFC 9110 s13.1.2: weak comparison). */
export function isKnownTag({ headers }: FastifyRequest, etag: string): boolean {
  const tags = headers['if-none-match'];
  if (tags === undefined) return false;
  return tags.split(',').some((tag) => ['*', etag].includes(tag.trim().replace(/^W\//, '')));
}

/**
 * Puts a tag on an answer; gives 304 to who has it already.
 * @returns the reply that was sent, or `undefined` when the answer is still to be made.
 */
export function answerIfKnown(request: FastifyRequest, reply: FastifyReply, etag: string): FastifyReply | undefined {
  // Kept by the caller, asked about again each time (RFC 9111 s5.2.2.4); nobody in between sees it.
  reply.headers({ etag, 'cache-control': 'private, no-cache' });
  return isKnownTag(request, etag) ? reply.code(304).send() : undefined;
}

/**
 * The same for an answer that has no revision of its own: its tag is the hash of all that the caller sees in it, so that no
 * change is ever missed. It spares the network, not the making.
 */
export function answerIfChanged<Answer extends object>(
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  answer: Answer,
): Answer | FastifyReply {
  const etag = `"${createHash('sha256').update(JSON.stringify(answer)).digest('base64url')}"`;
  return answerIfKnown(request, reply, etag) ?? answer;
}

/** The tag of an entry that counts its changes. */
export function revisionTag(revision: number): string {
  return `"${revision}"`;
}

/**
 * The revision that If-Match asks for (RFC 9110 s13.1.1: strong comparison); `undefined` for any.
 * @throws {@link PkiError} `preconditionFailed` for a tag that no revision has.
 */
export function revisionToMatch(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === '*') return undefined;
  const [, revision] = /^"(\d{1,15})"$/.exec(header.trim()) ?? [];
  if (revision !== undefined) return Number(revision);
  throw new PkiError('preconditionFailed', 'If-Match must be the ETag of one revision of the resource');
}
