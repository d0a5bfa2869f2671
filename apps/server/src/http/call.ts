import type { OperationId, Route, RouteTable } from '@vcc-pki/api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Static, TSchema } from 'typebox';
import type { Origin } from '../origin.ts';
import type { Requester } from '../requester.ts';

type Part<Definition, Name extends string> = Definition extends { readonly [key in Name]: infer Schema extends TSchema }
  ? Static<Schema>
  : undefined;

type Body<Definition> = Definition extends { readonly body: { readonly schema: infer Schema extends TSchema } }
  ? Static<Schema>
  : undefined;

/** One request, parsed and checked against the schemas of its route. */
export interface Call<Definition> {
  /** Known and allowed to use this route; `undefined` exactly on routes that are open to everybody. */
  readonly requester: Definition extends { readonly auth: 'mtls' } ? Requester : undefined;
  readonly params: Part<Definition, 'params'>;
  readonly query: Part<Definition, 'query'>;
  readonly headers: Part<Definition, 'headers'>;
  readonly body: Body<Definition>;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** What a route answers: JSON of its schema, or the octets or text of another media type, or a reply that was sent. */
type Result<Definition> =
  | (Definition extends { readonly response: { readonly schema: infer Schema extends TSchema } }
      ? Static<Schema>
      : object)
  | (Definition extends { readonly response: { readonly mediaTypes: readonly string[] } }
      ? Buffer | string | FastifyReply
      : never)
  | (Definition extends { readonly response: { readonly notModified: true } } ? FastifyReply : never);

/** Answers one route; what it returns is sent with the status of success. */
export type Handler<Id extends OperationId> = (
  call: Call<RouteTable[Id]>,
) => Result<RouteTable[Id]> | Promise<Result<RouteTable[Id]>>;

/** The handlers of some routes, each under its operationId. */
export type Handlers<Id extends OperationId> = { readonly [Name in Id]: Handler<Name> };

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose certificate it is, as soon as the ledger knows it, be it still good or not: for the audit of refusals. */
    knownPeer?: (Origin & { fingerprint: string; serviceId: string; clientIp: string; requestId: string }) | undefined;
    requester?: Requester | undefined;
    /** What the route is in the table of the api package. */
    route?: Route | undefined;
    /** The problem it was answered with. */
    problemCode?: string | undefined;
  }
}
