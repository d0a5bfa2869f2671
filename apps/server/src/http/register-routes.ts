import { type Listener, type OperationId, PkiError, problemCodeForField, type Route, routes } from '@vcc-pki/api';
import type { FastifyInstance, FastifyRequest, FastifySchema } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Call, Handlers } from './call.ts';
import { checkRoutePermission, type GateDeps, identify } from './gate.ts';

/** Routes that are served otherwise: the page of the document by a plugin, OCSP by `routes/ocsp.ts`. */
const servedElsewhere = ['getDocs', 'getOcsp', 'postOcsp'] as const;

type ServedElsewhere = (typeof servedElsewhere)[number];

/** A handler for every other route. */
export type RouteHandlers = Handlers<Exclude<OperationId, ServedElsewhere>>;

/**
 * Puts every route of the table that `listener` has on `app`: its paths, schemas, gate and handler. A route without a
 * handler is a type error, so the documented API and the one that runs cannot differ.
 */
export function registerRoutes(
  app: FastifyInstance,
  options: { listener: Listener; handlers: RouteHandlers; gate: GateDeps },
): void {
  app.setValidatorCompiler(({ schema, httpPart }) => strictValidator(schema as TSchema, httpPart ?? 'body'));
  const methodsOf = new Map<string, Set<string>>();
  for (const [id, route] of Object.entries(routes) as [OperationId, Route][]) {
    if (!route.listeners.includes(options.listener) || isServedElsewhere(id)) continue;
    const handler = options.handlers[id] as unknown as (call: Call<Route>) => unknown;
    for (const path of [route.path, ...(route.aliases ?? [])]) {
      const url = fastifyPath(path);
      methodsOf.set(url, (methodsOf.get(url) ?? new Set()).add(route.method));
      app.route({
        method: route.method,
        url,
        schema: schemaOf(route),
        onRequest: (request) => admit(request, route, options.gate),
        handler: async (request, reply) => {
          reply.code(route.response.status);
          return handler({
            requester: request.requester as never,
            params: request.params as never,
            query: request.query as never,
            headers: request.headers as never,
            body: request.body as never,
            request,
            reply,
          });
        },
      });
    }
  }
  for (const [url, methods] of methodsOf) refuseOtherMethods(app, url, methods);
}

function isServedElsewhere(id: OperationId): id is ServedElsewhere {
  return servedElsewhere.some((other) => other === id);
}

/** RFC 9110 s15.5.6: a path that exists, asked with a method it does not have. */
export function refuseOtherMethods(app: FastifyInstance, url: string, allowed: ReadonlySet<string>): void {
  // RFC 9110 s9.3.2: what has GET has HEAD.
  const methods = [...allowed].flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
  const others = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].filter((m) => !methods.includes(m));
  app.route({
    method: others,
    url,
    handler: async (request, reply) => {
      reply.header('allow', methods.join(', '));
      throw new PkiError('methodNotAllowed', `${request.method} is not possible here`);
    },
  });
}

/** Before the body is even read: who is it, and may they use this route? */
async function admit(request: FastifyRequest, route: Route, gate: GateDeps): Promise<void> {
  request.route = route;
  if (route.auth === 'none') return;
  request.requester = await identify(gate, request);
  checkRoutePermission(gate.policy, request.requester, route.operation ?? 'admin');
}

function schemaOf(route: Route): FastifySchema {
  return {
    ...(route.params && { params: route.params }),
    ...(route.query && { querystring: route.query }),
    ...(route.headers && { headers: route.headers }),
    ...(route.body && { body: route.body.schema }),
    ...(route.response.schema && {
      response: {
        [route.response.status]: route.response.schema,
        ...(route.response.repeatStatus && { [route.response.repeatStatus]: route.response.schema }),
      },
    }),
  };
}

/** `/crl/{issuer}.crl` in the words of the router; a parameter never spans a slash, nor a dot where one follows. */
function fastifyPath(path: string): string {
  return path.replace(/\{(\w+)\}(.?)/g, (_, name: string, next: string) =>
    next === '' || next === '/' ? `:${name}${next}` : `:${name}(^[^./]+)${next}`,
  );
}

/** Checks one part of a request as the OpenAPI document states it: nothing is removed, nothing defaulted. */
function strictValidator(schema: TSchema, part: string) {
  const validator = Compile(schema);
  const integers = part === 'body' ? [] : integersOf(schema);
  return (data: unknown): { value: unknown } | { error: Error } => {
    const value = part === 'body' ? (data ?? null) : withIntegers(integers, data as Texts);
    if (validator.Check(value)) return { value };
    const [first] = validator.Errors(value);
    return { error: refusal(first, schema as SchemaNode) };
  };
}

type Texts = Readonly<Record<string, unknown>>;

/** Names of the properties that are integers. */
function integersOf(schema: TSchema): readonly string[] {
  const { properties = {} } = schema as { properties?: Readonly<Record<string, { readonly type?: unknown }>> };
  return Object.keys(properties).filter((name) => properties[name]?.type === 'integer');
}

/** URLs and headers hold texts alone: where the schema wants an integer, one in plain decimal digits becomes it. */
function withIntegers(integers: readonly string[], texts: Texts): Texts {
  const values: Record<string, unknown> = { ...texts };
  for (const name of integers) {
    const text = values[name];
    if (typeof text === 'string' && /^-?\d{1,15}$/.test(text)) values[name] = Number(text);
  }
  return values;
}

interface SchemaFinding {
  readonly instancePath: string;
  readonly keyword: string;
  readonly message: string;
  readonly params: object;
}

function refusal(finding: SchemaFinding | undefined, schema: SchemaNode): PkiError {
  const { instancePath = '', params = {} } = finding ?? {};
  const message = finding === undefined ? 'does not fit the schema' : inWords(finding, schema);
  const named = params as { additionalProperties?: string[]; requiredProperties?: string[] };
  const inner = named.additionalProperties?.[0] ?? named.requiredProperties?.[0];
  const field = [...instancePath.split('/').slice(1), ...(inner === undefined ? [] : [inner])]
    .map((step) => (/^\d+$/.test(step) ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '');
  if (field === '') return new PkiError('malformed', `the request ${message}`);
  return new PkiError(problemCodeForField(field.split(/[.[]/)[0] as string), `"${field}" ${message}`, { field });
}

/** The part of a schema that is walked here. */
interface SchemaNode {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
}

/** A regular expression is for programs: people are told what the member is, which its description says. */
function inWords({ keyword, instancePath, message }: SchemaFinding, schema: SchemaNode): string {
  if (keyword !== 'pattern') return message;
  const { description } = nodeAt(schema, instancePath.split('/').slice(1)) ?? {};
  return description === undefined ? 'is not of the form it has to have' : `is not what it has to be: ${description}`;
}

function nodeAt(schema: SchemaNode, steps: readonly string[]): SchemaNode | undefined {
  return steps.reduce<SchemaNode | undefined>((node, step) => node?.properties?.[step] ?? node?.items, schema);
}
