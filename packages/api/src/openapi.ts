import type { TSchema } from 'typebox';
import { Components } from './openapi-components.ts';
import { type ProblemCode, problemCodes, problems } from './problems.ts';
import { type Route, routeList } from './routes.ts';
import { ProblemBody } from './schemas/problem.ts';

export interface OpenApiOptions {
  /** Base URL of the API listener, without a path. */
  readonly serverUrl: string;
  /** Base URL of the public listener; the routes that are only there say so when it is known. */
  readonly publicUrl?: string;
  /** Version of the server. */
  readonly version: string;
}

type Json = Readonly<Record<string, unknown>>;

/** Builds the OpenAPI 3.1 document from the route, schema and problem tables. */
export function openApiDocument(options: OpenApiOptions): Json {
  const components = new Components();
  const paths = buildPaths(components, options);
  const problemSchema = components.reference(ProblemBody);
  return {
    openapi: '3.1.1',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: {
      title: 'VCC PKI',
      version: options.version,
      description: 'Certificates for the VCC services over mutual TLS. Every refusal is an RFC 9457 problem.',
    },
    servers: [{ url: options.serverUrl, description: 'API, mutual TLS' }],
    tags: [...new Set(routeList.map((route) => route.tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: components.schemas,
      responses: Object.fromEntries(problemCodes.map((code) => [code, problemResponse(code, problemSchema)])),
      securitySchemes: {
        clientCertificate: {
          type: 'mutualTLS',
          description: 'A certificate of this PKI, neither expired nor revoked; it alone tells who is calling.',
        },
      },
    },
  };
}

function buildPaths(components: Components, { publicUrl }: OpenApiOptions): Json {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routeList) {
    const onlyPublic = !route.listeners.includes('api');
    const item = {
      ...(onlyPublic &&
        publicUrl !== undefined && { servers: [{ url: publicUrl, description: 'public, plain http' }] }),
      [route.method.toLowerCase()]: operation(route, components),
    };
    paths[route.path] = { ...paths[route.path], ...item };
  }
  return paths;
}

function operation(route: Route, components: Components): Json {
  const { body, octets } = route;
  return {
    operationId: route.operationId,
    tags: [route.tag],
    summary: route.summary,
    description: describe(route),
    security: route.auth === 'mtls' ? [{ clientCertificate: [] }] : [],
    parameters: [
      ...parameters('path', route.params),
      ...parameters('query', route.query),
      ...parameters('header', route.headers),
    ],
    ...(body && {
      requestBody: {
        required: body.required,
        content: { 'application/json': { schema: components.reference(body.schema), example: body.example } },
      },
    }),
    ...(octets && {
      requestBody: { required: true, description: octets.description, content: { [octets.mediaType]: {} } },
    }),
    responses: {
      [route.response.status]: success(route, components),
      ...(route.response.repeatStatus && { [route.response.repeatStatus]: success(route, components) }),
      ...(route.response.notModified && { 304: { description: 'What the caller has is still current.' } }),
      ...problemResponses(route.problems),
    },
  };
}

function describe(route: Route): string {
  const notes = [route.description];
  if (route.operation !== undefined && route.operation !== 'any')
    notes.push(`Needs the operation "${route.operation}".`);
  if (route.aliases !== undefined) notes.push(`Also at ${route.aliases.join(', ')}.`);
  if (!route.listeners.includes('api')) notes.push('On the public listener only.');
  return notes.join(' ');
}

/** The members of an object schema as OpenAPI parameters. */
function parameters(place: 'path' | 'query' | 'header', schema: TSchema | undefined): readonly Json[] {
  const { properties = {}, required = [] } = (schema ?? {}) as {
    properties?: Readonly<Record<string, { readonly description?: string }>>;
    required?: readonly string[];
  };
  return Object.entries(properties).map(([name, { description, ...member }]) => ({
    name,
    in: place,
    required: required.includes(name),
    ...(description !== undefined && { description }),
    schema: member,
  }));
}

function success(route: Route, components: Components): Json {
  const { schema, mediaTypes = [], example } = route.response;
  const json = schema && { 'application/json': { schema: components.reference(schema), example } };
  const others = Object.fromEntries(mediaTypes.map((mediaType) => [mediaType, {}]));
  return { description: route.summary, content: { ...json, ...others } };
}

/** OpenAPI has one response for each status; codes that share one are alternatives, with an example each. */
function problemResponses(codes: readonly ProblemCode[]): Json {
  const byStatus = Map.groupBy(codes, (code) => problems[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, [first, ...rest]]) => [
      status,
      first !== undefined && rest.length === 0
        ? { $ref: `#/components/responses/${first}` }
        : sharedProblemResponse([first, ...rest].filter((code) => code !== undefined)),
    ]),
  );
}

function sharedProblemResponse(codes: readonly ProblemCode[]): Json {
  return {
    description: codes.map((code) => `${code}: ${problems[code].title}.`).join(' '),
    content: {
      'application/problem+json': {
        schema: { $ref: '#/components/schemas/Problem' },
        examples: Object.fromEntries(codes.map((code) => [code, { value: problemExample(code) }])),
      },
    },
  };
}

function problemResponse(code: ProblemCode, schema: Json): Json {
  const retryable = code === 'rateLimited' || code === 'notReady';
  return {
    description: `${problems[code].title}. ${problems[code].advice}`,
    ...(retryable && {
      headers: { 'Retry-After': { description: 'Seconds to wait (RFC 9110 s10.2.3).', schema: { type: 'integer' } } },
    }),
    content: { 'application/problem+json': { schema, example: problemExample(code) } },
  };
}

function problemExample(code: ProblemCode): Json {
  const { type, title, status, advice } = problems[code];
  return { type, title, status, code, advice, request_id: 'req-7f3a' };
}
