import { PkiError, type Problem, toProblem } from '@vcc-pki/api';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../clock.ts';
import type { Metrics } from '../metrics.ts';
import type { Store } from '../store/index.ts';
import { notFoundAdvice } from './not-found-advice.ts';

export interface ProblemDeps {
  readonly store: Store;
  readonly metrics: Metrics;
  readonly clock: Clock;
}

/** Makes every error of `app` an `application/problem+json` answer (RFC 9457) by the one table of the api package. */
export function answerWithProblems(app: FastifyInstance, deps: ProblemDeps): void {
  app.setErrorHandler((thrown: FastifyError | PkiError, request, reply) =>
    answerProblem(thrown, { request, reply, deps }),
  );
  app.setNotFoundHandler((request, reply) =>
    answerProblem(new PkiError('notFound', `there is no ${request.method} ${request.url.split('?')[0]}`), {
      request,
      reply,
      deps,
    }),
  );
}

export interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly deps: ProblemDeps;
}

/** Answers with the problem that `thrown` is; for errors that reach no handler. */
export async function answerProblem(thrown: FastifyError | PkiError, exchange: Exchange): Promise<FastifyReply> {
  const { request, reply, deps } = exchange;
  const problem = problemOf(thrown instanceof PkiError ? thrown : fromFastify(thrown), request);
  if (problem.status >= 500) request.log.error({ err: thrown }, 'request failed');
  request.problemCode = problem.code;
  deps.metrics.refused.inc({ operation: request.route?.operation ?? 'open', code: problem.code });
  await auditRefusal(problem.code, problem.detail ?? '', exchange);
  const retryAfter = problem['retry_after_seconds'];
  if (typeof retryAfter === 'number') reply.header('retry-after', Math.ceil(retryAfter));
  return reply.code(problem.status).type('application/problem+json').send(problem);
}

/** What is not there is known to the route (a token, a service, a key), unless the error says it. */
function problemOf(error: unknown, { id, route }: FastifyRequest): Problem {
  const problem = toProblem(error, id);
  const isGeneral = problem.code === 'notFound' && !(error instanceof PkiError && error.advice !== undefined);
  const advice = isGeneral ? notFoundAdvice(route) : undefined;
  return advice === undefined ? problem : { ...problem, advice };
}

/**
 * Whatever a certificate of ours was refused is on record. Callers that the ledger does not know are not: anybody could
 * fill the ledger with them. They are in the log and in the metrics.
 */
async function auditRefusal(code: string, detail: string, { request, deps }: Exchange): Promise<void> {
  const { knownPeer, route } = request;
  if (knownPeer === undefined || route === undefined) return;
  const mayBeDoneByAll = route.operation === 'any' || route.operation === undefined;
  // Nothing was refused to somebody who only looked for what is not there.
  if (mayBeDoneByAll && route.method === 'GET' && request.requester) return;
  const action = mayBeDoneByAll && route.method !== 'GET' ? kebabCase(route.operationId) : (route.operation ?? 'any');
  try {
    await deps.store.ledger.submit('recordEvent', {
      audit: {
        ...{ timestamp: deps.clock.now(), action, certificateId: null, status: 'refused' },
        requestId: knownPeer.requestId,
        serviceId: knownPeer.serviceId,
        clientIp: knownPeer.clientIp,
        clientCertFingerprint: knownPeer.fingerprint,
        details: { code, detail },
      },
    });
  } catch (error) {
    // The refusal stands either way; that it could not be recorded is the operator's business.
    request.log.error({ err: error }, 'a refusal could not be written to the audit log');
  }
}

/** `registerService` is `register-service` in the audit log. */
function kebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Fastify's own refusals, which come before any handler. */
function fromFastify(error: FastifyError): unknown {
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new PkiError('payloadTooLarge', 'the body is too large');
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return new PkiError('unsupportedMediaType', 'the body must be application/json');
  }
  if (error.code === 'FST_ERR_CTP_INVALID_JSON_BODY') {
    return new PkiError('malformed', 'the body is not valid JSON', {
      advice: 'Send valid JSON; within a text a line break (of a PEM, say) is written as \\n.',
    });
  }
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    return new PkiError('malformed', error.message);
  }
  return error;
}
