import type { OperationId } from '@vcc-pki/api';
import { keeperRoutes, type RoutePlace, retryAfterSeconds } from '@vcc-pki/api/without-schemas';
import { ClientError } from '../client-error.ts';
import { type Clock, systemClock } from '../clock.ts';
import { clockSkewError, dateOf } from './clock-offset.ts';
import { defaultRetry, type RetryPolicy, withRetries } from './retry.ts';
import { ServerRefusal } from './server-refusal.ts';
import {
  type ClientIdentity,
  httpsOrigin,
  readBounded,
  TlsTransport,
  type TransportAnswer,
  type TransportLimits,
} from './transport.ts';
import { explainTransportError, isMatterOfTime } from './transport-error.ts';

/** Where the server is, whom to trust there, and who is asking. */
export interface ApiConnectionOptions extends TransportLimits {
  /** `https://host:port` */
  readonly origin: string;
  /** Root certificates in PEM, the only ones that are trusted. */
  readonly trustedPem: string;
  /** Without it only what is open to anybody can be called. */
  readonly client?: ClientIdentity | undefined;
  readonly retry?: Partial<RetryPolicy>;
  readonly clock?: Clock;
  /** Gets a line for each request and each answer. */
  readonly trace?: (line: string) => void;
}

/** What a call sends beside its operation. */
export interface CallOptions {
  /** For the path: `{ id: 'veritas-backend' }`. */
  readonly params?: Readonly<Record<string, string>>;
  /** Members without a value are left out. */
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  /** JSON text; as text, because a repeated request must be the same to the octet. */
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly accept?: string;
  readonly signal?: AbortSignal;
  /** The same again changes nothing; GET, PUT and what has an Idempotency-Key are known to be such. */
  readonly isRepeatable?: boolean;
}

/** An answer with its headers: `etag`, `retry-after`. A 304 is an answer, without octets. */
export type ApiAnswer = TransportAnswer;

/** Calls the operations of the route table over mutual TLS. Close it, or the process stays. */
export class ApiConnection {
  readonly origin: string;
  readonly #options: ApiConnectionOptions;
  readonly #retry: RetryPolicy;
  readonly #clock: Clock;
  #transport: TlsTransport;
  #client: ClientIdentity | undefined;
  #clockOffsetMs: number | undefined;
  #isClosed = false;
  readonly #ending = new AbortController();

  /** @throws TypeError when the origin is not https */
  constructor(options: ApiConnectionOptions) {
    this.origin = httpsOrigin(options.origin);
    this.#options = options;
    this.#retry = { ...defaultRetry, ...options.retry };
    this.#clock = options.clock ?? systemClock;
    this.#client = options.client;
    this.#transport = this.#newTransport();
  }

  /** Who is asking, or undefined. */
  get client(): ClientIdentity | undefined {
    return this.#client;
  }

  /** Root certificates in PEM. */
  get trustedPem(): string {
    return this.#options.trustedPem;
  }

  /** How far the clock of the server was ahead of ours at its last answer, to the second; undefined before the first. */
  get clockOffsetMs(): number | undefined {
    return this.#clockOffsetMs;
  }

  /** Uses another certificate from now on. Calls under way end on the connections of the old one, which then close. */
  useIdentity(client: ClientIdentity): void {
    if (this.#isClosed) throw new ClientError('closed', 'the connection is closed');
    const before = this.#transport;
    this.#client = client;
    this.#transport = this.#newTransport();
    void before.close();
  }

  /**
   * Calls an operation that answers with JSON of the shape that the route table states.
   * @throws {@link ServerRefusal} for problems; {@link ClientError} when there is no connection or no sense in the answer
   */
  async call<Answer>(operation: OperationId, options: CallOptions = {}): Promise<Answer> {
    const bytes = await this.fetch(operation, { accept: 'application/json', ...options });
    return parseJson(bytes) as Answer;
  }

  /** Calls an operation and returns the octets of its answer. @throws as {@link call} */
  async fetch(operation: OperationId, options: CallOptions = {}): Promise<Uint8Array> {
    const { bytes } = await this.exchange(operation, options);
    return bytes;
  }

  /** Calls an operation and returns its answer with status and headers. @throws as {@link call} */
  async exchange(operation: OperationId, options: CallOptions = {}): Promise<ApiAnswer> {
    const { method } = await placeOf(operation);
    const policy = isSafeToRepeat(method, options) ? this.#retry : { ...this.#retry, attempts: 1 };
    const ends = this.#ending.signal;
    const signal = options.signal === undefined ? ends : AbortSignal.any([ends, options.signal]);
    return withRetries(() => this.#attempt(operation, { ...options, signal }), policy, { signal });
  }

  /**
   * Opens an answer that has no end of its own, as the change feed. Its octets come as they arrive; silence for
   * `quietMs` ends it with an error, and so does `signal`, which must be aborted before {@link close}.
   */
  async open(
    operation: OperationId,
    options: CallOptions & { readonly signal: AbortSignal; readonly quietMs: number },
  ): Promise<AsyncIterable<Uint8Array>> {
    const { method, path } = await placeOf(operation);
    const target = fillPath(path, options.params ?? {}) + queryText(options.query ?? {});
    this.#options.trace?.(`> ${method} ${this.origin}${target}`);
    try {
      const { statusCode, headers, body } = await this.#transport.open({
        origin: this.origin,
        path: target,
        method,
        headers: { accept: options.accept ?? '*/*', ...options.headers },
        quietMs: options.quietMs,
        signal: options.signal,
      });
      this.#options.trace?.(`< ${statusCode}`);
      if (statusCode < 400) return explained(body, this.origin);
      throw refusalOf({ statusCode, headers, bytes: await readBounded(body) }, this.#clock.now());
    } catch (error) {
      throw await this.#explain(error, options.signal);
    }
  }

  /** Ends calls under way, their waits between attempts too, with `closed`; to be followed by {@link close}. */
  abort(): void {
    this.#isClosed = true;
    this.#ending.abort(new ClientError('closed', 'the connection is closed'));
  }

  /** Waits for calls under way. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (!this.#transport.isClosed) await this.#transport.close();
  }

  #newTransport(): TlsTransport {
    const { trustedPem, ...limits } = this.#options;
    return new TlsTransport({ trustedPem }, this.#client, limits);
  }

  async #attempt(operation: OperationId, options: CallOptions): Promise<ApiAnswer> {
    if (this.#isClosed) throw new ClientError('closed', 'the connection is closed');
    const { method, path } = await placeOf(operation);
    const target = fillPath(path, options.params ?? {}) + queryText(options.query ?? {});
    this.#options.trace?.(`> ${method} ${this.origin}${target}`);
    const answer = await this.#send({ method, path: target, options });
    this.#options.trace?.(`< ${answer.statusCode} (${answer.bytes.length} bytes)`);
    this.#noteClock(answer);
    if (answer.statusCode >= 400) throw refusalOf(answer, this.#clock.now());
    return answer;
  }

  async #send(request: { method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'; path: string; options: CallOptions }) {
    const { method, path, options } = request;
    try {
      return await this.#transport.send({
        origin: this.origin,
        path,
        method,
        headers: {
          accept: options.accept ?? '*/*',
          ...(options.body !== undefined && { 'content-type': 'application/json' }),
          ...options.headers,
        },
        body: options.body,
        signal: options.signal,
      });
    } catch (error) {
      throw await this.#explain(error, options.signal);
    }
  }

  async #explain(error: unknown, signal: AbortSignal | undefined): Promise<unknown> {
    if (signal?.aborted) return signal.reason;
    if (error instanceof ClientError || error instanceof ServerRefusal) return error;
    if (isMatterOfTime(error)) return clockSkewError(this.origin, this.#clock.now(), error);
    return explainTransportError(error, this.origin);
  }

  #noteClock({ headers }: ApiAnswer): void {
    const theirs = dateOf(headers);
    if (theirs !== undefined) this.#clockOffsetMs = theirs - this.#clock.now();
  }
}

/** Where an operation is. The table with its schemas is loaded when one is called that keepers never call. */
async function placeOf(operation: OperationId): Promise<RoutePlace> {
  const known = keeperRoutes[operation];
  if (known !== undefined) return known;
  const { routes } = await import('@vcc-pki/api');
  return routes[operation];
}

async function* explained(
  body: AsyncIterable<Uint8Array>,
  origin: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* body;
  } catch (error) {
    throw explainTransportError(error, origin);
  }
}

/** GET changes nothing (RFC 9110 s9.2.1), PUT and DELETE are idempotent (s9.2.2), and the server keeps answers by Idempotency-Key. */
function isSafeToRepeat(method: RoutePlace['method'], { headers }: CallOptions): boolean {
  return method === 'GET' || method === 'PUT' || headers?.['idempotency-key'] !== undefined;
}

function refusalOf({ statusCode, headers, bytes }: ApiAnswer, now: number): ServerRefusal {
  let document: unknown;
  try {
    document = parseJson(bytes);
  } catch {
    // A proxy's error page, say; fromProblem makes the best of the status.
    document = undefined;
  }
  return new ServerRefusal(document, statusCode, retryAfterSeconds(headers['retry-after'], now));
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new ClientError('badAnswer', 'the answer of the server is not JSON', {
      advice: 'Check that the address is that of a PKI server and of nothing that stands before it.',
      cause,
    });
  }
}

function fillPath(path: string, params: Readonly<Record<string, string>>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined) throw new TypeError(`the path ${path} needs "${name}"`);
    return encodeURIComponent(value);
  });
}

function queryText(query: Readonly<Record<string, string | number | undefined>>): string {
  const present = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
  return present.length === 0 ? '' : `?${new URLSearchParams(present)}`;
}
