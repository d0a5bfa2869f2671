/**
 * The wire of the PKI server: its routes, the shapes of requests and responses, and the one table of problems.
 *
 * The server throws {@link PkiError} and answers with {@link toProblem}; a client rebuilds the same error with
 * {@link fromProblem}. Nothing here does I/O or knows a web framework: it also runs in a browser.
 *
 * @module
 */

export { type EnrolmentToken, encodeEnrolmentToken, maxTokenLength, parseEnrolmentToken } from './enrolment-token.ts';
export {
  type EventData,
  type EventDefinition,
  EventId,
  type EventType,
  ExpiryStage,
  eventSchema,
  events,
  eventTypes,
  isEventType,
  type PkiEvent,
} from './events/index.ts';
export { type DeliveredEvent, parseEvent } from './events/parse-event.ts';
export { eventExample } from './examples-webhooks.ts';
export { problemCodeForField } from './field-problems.ts';
export { type OpenApiOptions, openApiDocument } from './openapi.ts';
export { fromProblem, PkiError, type PkiErrorOptions, type Problem, toProblem } from './pki-error.ts';
export { isProblemCode, type ProblemCode, type ProblemDefinition, problemCodes, problems } from './problems.ts';
export { retryAfterSeconds } from './retry-after.ts';
export {
  type Listener,
  type Operation,
  type OperationId,
  type Route,
  type RouteBody,
  type RouteResponse,
  type RouteTable,
  routeList,
  routes,
} from './routes.ts';
export * from './schemas/index.ts';
export { serialNumberCandidates, serialNumberDecimal } from './serial-number.ts';
