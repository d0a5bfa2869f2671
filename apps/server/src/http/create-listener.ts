import { constants, randomUUID } from 'node:crypto';
import { type IncomingMessage, maxHeaderSize } from 'node:http';
import type { SecureContextOptions } from 'node:tls';
import fastifyAccepts from '@fastify/accepts';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { answerClientError } from './client-error.ts';
import { answerProblem, answerWithProblems, type ProblemDeps } from './problem-handler.ts';

export interface ListenerOptions extends ProblemDeps {
  readonly log: FastifyBaseLogger;
  readonly maxBodyBytes: number;
  readonly requestTimeoutMs: number;
  /** The URL by which the router is to find the route; what was asked stays in `request.originalUrl`. */
  readonly rewriteUrl?: ((url: string) => string) | undefined;
  /** Given for the API listener: it speaks TLS and asks for client certificates. */
  readonly tls?: ServerTls | undefined;
}

/** What the server shows, and whose client certificates it names in the handshake; all PEM. */
export type ServerTls = Required<Pick<SecureContextOptions, 'key' | 'cert' | 'ca'>>;

/** A listener with logs, request ids, limits, metrics and problems for answers, and no routes yet. */
export function createListener(options: ListenerOptions): FastifyInstance {
  const app = Fastify({
    loggerInstance: options.log,
    // Ours, never the caller's: what is in the log must not be chosen by whom it is about.
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: options.maxBodyBytes,
    requestTimeout: options.requestTimeoutMs,
    http: timeLimits(options),
    connectionTimeout: 0,
    keepAliveTimeout: 72_000,
    // Who closes waits for the answers that are under way; see closeListener.
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    // The schemas bound each parameter and name it in their refusal; the router need not.
    routerOptions: { maxParamLength: maxHeaderSize, ignoreTrailingSlash: false },
    frameworkErrors: async (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
      await answerProblem(error, { request, reply, deps: options });
      recordRequest(request, reply, options);
    },
    clientErrorHandler: answerClientError,
    ...(options.rewriteUrl && { rewriteUrl: ({ url = '/' }: IncomingMessage) => options.rewriteUrl?.(url) ?? url }),
    ...(options.tls && { https: { ...tlsOptions(options.tls), ...timeLimits(options) } }),
  } as object) as FastifyInstance;
  app.register(fastifyAccepts);
  // Fastify takes plain text too, unless told otherwise: the API speaks JSON alone.
  app.removeContentTypeParser('text/plain');
  answerWithProblems(app, options);
  app.addHook('onResponse', async (request, reply) => recordRequest(request, reply, options));
  app.addHook('onSend', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff');
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  });
  return app;
}

/**
 * Stops listening, waits for the requests that are under way, and closes their connections; after `closeGraceMs` whatever
 * is left is cut off.
 */
export async function closeListener(app: FastifyInstance): Promise<void> {
  const cutOff = setTimeout(() => app.server.closeAllConnections(), closeGraceMs);
  try {
    await app.close();
  } finally {
    clearTimeout(cutOff);
  }
}

/** Ten times what the slowest request may take; connections on which nobody asked anything end with it too. */
const closeGraceMs = 5_000;

/** One line of the log and one observation for each request, whatever became of it. */
function recordRequest(request: FastifyRequest, reply: FastifyReply, { metrics }: ListenerOptions): void {
  const route = request.route?.path ?? request.routeOptions.url ?? 'none';
  metrics.requestSeconds.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
  request.log.info(
    {
      method: request.method,
      url: request.url,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      requester: request.knownPeer?.serviceId,
      fingerprint: request.knownPeer?.fingerprint,
      ip: request.ip,
      problem: request.problemCode,
    },
    'request',
  );
}

/** Replaces what an API listener shows in handshakes from now on; open connections go on. */
export function replaceTls(app: FastifyInstance, tls: ServerTls): void {
  (app.server as unknown as { setSecureContext(options: SecureContextOptions): void }).setSecureContext(
    tlsOptions(tls),
  );
}

/**
 * For the constructor of Node's server, to which Fastify hands on only one of these. Of the limits for header fields (60 s
 * by default) and for the whole request Node takes the longer one for the request, and looks every half a minute.
 */
function timeLimits({ requestTimeoutMs }: ListenerOptions) {
  return { headersTimeout: requestTimeoutMs, requestTimeout: requestTimeoutMs, connectionsCheckingInterval: 1000 };
}

function tlsOptions(tls: ServerTls) {
  return {
    ...tls,
    minVersion: 'TLSv1.2' as const,
    requestCert: true,
    // A handshake takes milliseconds; a connection that never finishes one must not be kept, nor keep the server open.
    handshakeTimeout: closeGraceMs,
    // A certificate that does not verify is refused by the gate, with a problem that says why, not by a dropped handshake.
    rejectUnauthorized: false,
    // A connection keeps the certificate that it began with.
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
  };
}
