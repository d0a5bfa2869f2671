import type { TSchema } from 'typebox';
import type { ProblemCode } from '../problems.ts';

/** `api`: https with client certificates. `public`: plain http for what relying parties must reach (RFC 5280 s8). */
export type Listener = 'api' | 'public';

/** What the whitelist must allow a service to do: `any` asks for nothing beyond being known, `metrics` is for monitoring. */
export type Operation = 'any' | 'request' | 'renew' | 'revoke' | 'download' | 'admin' | 'metrics';

export interface RouteBody {
  readonly schema: TSchema;
  /** False when the request may come without a body; the schema then accepts null. */
  readonly required: boolean;
  readonly example: unknown;
}

/** A body that is no JSON. */
export interface RouteOctets {
  readonly mediaType: string;
  /** What the octets are. */
  readonly description: string;
}

export interface RouteResponse {
  /** Status of success. */
  readonly status: 200 | 201;
  /** Status of success when there was nothing left to do. */
  readonly repeatStatus?: 200;
  /** Whether it answers 304 to who has it already (RFC 9110 s13.1.2). */
  readonly notModified?: true;
  /** Shape of the answer as `application/json`; absent when the route has no JSON. */
  readonly schema?: TSchema;
  /** Other media types it answers with; the first is the default where there is no JSON. */
  readonly mediaTypes?: readonly string[];
  /** An answer that fits `schema`. */
  readonly example?: unknown;
}

/** One line of the route table. */
export interface RouteDefinition {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Full path with parameters in OpenAPI style: `/api/v1/certificates/{id}`. */
  readonly path: string;
  /** Further paths that answer the same. */
  readonly aliases?: readonly string[];
  readonly listeners: readonly Listener[];
  readonly tag:
    | 'certificates'
    | 'revocation'
    | 'enrolment'
    | 'services'
    | 'discovery'
    | 'rotation'
    | 'webhooks'
    | 'keks'
    | 'ca'
    | 'audit'
    | 'server';
  /** What it does, in half a sentence. */
  readonly summary: string;
  /** What one has to know to use it. */
  readonly description: string;
  /** `mtls`: a client certificate of this PKI; `none`: open to everybody. */
  readonly auth: 'mtls' | 'none';
  /** Present exactly when `auth` is `mtls`. */
  readonly operation?: Operation;
  readonly params?: TSchema;
  readonly query?: TSchema;
  readonly headers?: TSchema;
  readonly body?: RouteBody;
  /** Instead of `body`. */
  readonly octets?: RouteOctets;
  readonly response: RouteResponse;
  /** Every code the route may answer with, beside {@link everyRouteProblems}. */
  readonly problems: readonly ProblemCode[];
}

/** What every route may answer with. */
export const everyRouteProblems = [
  'requestTimeout',
  'headersTooLarge',
  'serverInternal',
  'notReady',
] as const satisfies readonly ProblemCode[];

/** What the gate answers with, before the route is asked. */
export const gateProblems = ['unauthorized', 'forbidden'] as const satisfies readonly ProblemCode[];

/** What a JSON body may be refused with. */
export const bodyProblems = [
  'malformed',
  'payloadTooLarge',
  'unsupportedMediaType',
] as const satisfies readonly ProblemCode[];
