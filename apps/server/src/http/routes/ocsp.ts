import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../clock.ts';
import { maxOcspRequestBytes, type OcspAnswer, type OcspResponder } from '../../ocsp/ocsp-responder.ts';
import { ocspPath, parseOcspUrl } from '../../ocsp/ocsp-url.ts';
import { refuseOtherMethods } from '../register-routes.ts';

export interface OcspRouteDeps {
  readonly responder: OcspResponder;
  readonly clock: Clock;
}

/**
 * Puts the OCSP routes of the table on a listener that rewrites their URLs to {@link ocspPath}. They stand apart from all
 * others: bodies are octets, and every answer is an OCSP response with status 200, errors included (RFC 6960 s2.3); a
 * client that got a problem in JSON would not know what to do with it.
 */
export function registerOcsp(app: FastifyInstance, deps: OcspRouteDeps): void {
  const { responder } = deps;
  app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    // Whatever a client calls its request: it is one or it is not.
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.setErrorHandler<Error & { statusCode?: number }>((error, request, reply) => {
      const isClientError = error.statusCode !== undefined && error.statusCode < 500;
      if (!isClientError) request.log.error({ err: error }, 'an OCSP request failed');
      return send(reply, responder.refuse(isClientError ? 'malformedRequest' : 'internalError'), { request, deps });
    });
    scope.get(ocspPath, async (request, reply) => {
      return send(reply, await responder.answerUrl(request.originalUrl), { request, deps });
    });
    scope.post(ocspPath, { bodyLimit: maxOcspRequestBytes }, async (request, reply) => {
      const { issuerId } = parseOcspUrl(request.originalUrl);
      const body = Buffer.isBuffer(request.body) ? request.body : new Uint8Array(0);
      return send(reply, await responder.answer(body, issuerId), { request, deps });
    });
    done();
  });
  refuseOtherMethods(app, ocspPath, new Set(['GET', 'POST']));
}

/** RFC 9919 s6, s7.2. An answer with a nonce is for one asker; it and errors keep the `no-store` of all other answers. */
function send(
  reply: FastifyReply,
  { der, caching }: OcspAnswer,
  { request, deps }: { request: FastifyRequest; deps: OcspRouteDeps },
): FastifyReply {
  reply.code(200).header('content-type', 'application/ocsp-response');
  if (caching !== undefined) {
    const { sha256, thisUpdate, nextUpdate } = caching;
    const etag = `"${sha256}"`;
    const maxAge = Math.max(0, Math.floor((nextUpdate - deps.clock.now()) / 1000));
    reply.headers({
      etag,
      'last-modified': new Date(thisUpdate).toUTCString(),
      expires: new Date(nextUpdate).toUTCString(),
      'cache-control': `max-age=${maxAge}, public, no-transform, must-revalidate`,
    });
    if (request.method === 'GET' && request.headers['if-none-match'] === etag) return reply.code(304).send();
  }
  return reply.send(Buffer.from(der.buffer, der.byteOffset, der.length));
}
