import type { ProblemCode } from './problems.ts';
import { caRoutes } from './routes/ca.ts';
import { certificateRoutes } from './routes/certificates.ts';
import { discoveryRoutes } from './routes/discovery.ts';
import { enrolmentRoutes } from './routes/enrolment.ts';
import { feedRoutes } from './routes/feed.ts';
import { kekGroupRoutes } from './routes/kek-groups.ts';
import { kekRoutes } from './routes/keks.ts';
import { ocspRoutes } from './routes/ocsp.ts';
import { revocationRoutes } from './routes/revocation.ts';
import { rotationRoutes } from './routes/rotation.ts';
import { everyRouteProblems, type RouteDefinition } from './routes/route.ts';
import { serverRoutes } from './routes/server.ts';
import { serviceRoutes } from './routes/services.ts';
import { snapshotRoutes } from './routes/snapshots.ts';
import { webhookRoutes } from './routes/webhooks.ts';

export type { Listener, Operation, RouteBody, RouteResponse } from './routes/route.ts';

const table = {
  ...certificateRoutes,
  ...revocationRoutes,
  ...ocspRoutes,
  ...serviceRoutes,
  ...discoveryRoutes,
  ...feedRoutes,
  ...snapshotRoutes,
  ...enrolmentRoutes,
  ...kekRoutes,
  ...kekGroupRoutes,
  ...caRoutes,
  ...rotationRoutes,
  ...webhookRoutes,
  ...serverRoutes,
};

/** Name of a route, unique in the whole interface. */
export type OperationId = keyof typeof table;

/** A route with its name and with every problem it may answer with. */
export interface Route extends RouteDefinition {
  readonly operationId: OperationId;
}

/** Keeps what each route's schemas are, so that a handler's parameters have the types that the document states. */
export type RouteTable = {
  readonly [Id in OperationId]: Omit<(typeof table)[Id], 'problems'> & {
    readonly operationId: Id;
    readonly problems: readonly ProblemCode[];
  };
};

/** THE route table, by operation. Documented in `docs/api.md`; a test holds the two together. */
export const routes = Object.fromEntries(
  Object.entries<RouteDefinition>(table).map(([operationId, definition]) => [
    operationId,
    { ...definition, operationId, problems: withEveryRouteProblems(definition.problems) },
  ]),
) as unknown as RouteTable;

/** The same as a list, in the order of the documents. */
export const routeList: readonly Route[] = Object.values(routes);

function withEveryRouteProblems(problems: readonly ProblemCode[]): readonly ProblemCode[] {
  return [...new Set([...problems, ...everyRouteProblems])];
}
