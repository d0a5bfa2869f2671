import type { App } from '../../apps/server/src/app.ts';
import type { OcspResponder } from '../../apps/server/src/ocsp/ocsp-responder.ts';

export const signOnlyPath = '/bench/sign';
export const bufferPath = '/bench/buffer';

/** Octets of the to-be-signed answer about one certificate, with a nonce, and of the whole answer with its certificate. */
const tbsOctets = 230;
const answerOctets = 960;

/**
 * What the benchmark holds the responder against, on the same listener with the same log, limits and metrics: an endpoint
 * that takes a body of the same size, signs with the same key and answers as many octets, and one that answers a buffer
 * with the headers of a cacheable answer. No request is parsed, nothing looked up, built, kept or counted.
 */
export function addOcspPeers({ public: listener }: App, responder: OcspResponder): void {
  const answer = Buffer.alloc(answerOctets, 0x30);
  const headers = {
    'content-type': 'application/ocsp-response',
    etag: `"${'0'.repeat(64)}"`,
    'last-modified': new Date(0).toUTCString(),
    expires: new Date(0).toUTCString(),
    'cache-control': 'max-age=43200, public, no-transform, must-revalidate',
  };
  listener.get(bufferPath, (_request, reply) => reply.headers(headers).send(answer));
  listener.register((scope, _options, done) => {
    scope.addContentTypeParser('application/ocsp-request', { parseAs: 'buffer' }, (_request, body, parsed) =>
      parsed(null, body),
    );
    scope.post(signOnlyPath, async (_request, reply) => {
      const [issuer] = responder.issuers;
      const signer = (await issuer?.key.current())?.signer;
      const signature = await signer?.sign(new Uint8Array(tbsOctets));
      reply.header('content-type', 'application/ocsp-response');
      return reply.send(Buffer.concat([answer.subarray(signature?.length), signature ?? answer]));
    });
    done();
  });
}
