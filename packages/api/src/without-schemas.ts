/**
 * The part of the wire that needs no schemas: errors, enrolment tokens, and where the operations are by which a certificate
 * is kept. For processes that stay for good and must be small.
 *
 * @module
 */

export { parseEnrolmentToken } from './enrolment-token.ts';
export { keeperRoutes, type RoutePlace } from './keeper-routes.ts';
export { fromProblem, PkiError, type Problem, toProblem } from './pki-error.ts';
export type { ProblemCode } from './problems.ts';
export { retryAfterSeconds } from './retry-after.ts';
