import { fromProblem, type OperationId, type Problem, routes } from '@vcc-pki/api';
import { Agent, type Dispatcher } from 'undici';
import { CliError } from '../cli-error.ts';
import type { Connection } from './connection.ts';
import { explainTransportError } from './connection-error.ts';
import { ServerRefusal } from './server-refusal.ts';

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
}

/** Longest wait for a connection, and then for an answer: the mission allows 500 ms for the slowest call, a loaded server more. */
const timeouts = { connectMs: 10_000, answerMs: 30_000 } as const;

/** Answers of the API are pages of at most 500 items and CRLs; this is far above both. */
const maxAnswerBytes = 256 * 1024 * 1024;

/** Calls the operations of the route table over one TLS connection. Close it, or the process stays. */
export class ApiClient {
  readonly origin: string;
  readonly #agent: Agent;
  readonly #trace: (line: string) => void;

  /** @param options.trace gets a line for each request and each answer */
  constructor(connection: Connection, options: { readonly trace?: (line: string) => void } = {}) {
    this.origin = connection.origin;
    this.#trace = options.trace ?? (() => {});
    this.#agent = new Agent({
      connections: 1,
      headersTimeout: timeouts.answerMs,
      bodyTimeout: timeouts.answerMs,
      connect: {
        timeout: timeouts.connectMs,
        ...trustOf(connection),
        ...(connection.client && { cert: connection.client.certificatePem, key: connection.client.keyPem }),
      },
    });
  }

  /**
   * Calls an operation that answers with JSON of the shape that the route table states.
   * @throws ServerRefusal for problems; {@link CliError} when there is no connection or no sense in the answer
   */
  async call<Answer>(operation: OperationId, options: CallOptions = {}): Promise<Answer> {
    const bytes = await this.fetch(operation, { accept: 'application/json', ...options });
    return parseJson(bytes) as Answer;
  }

  /** Calls an operation and returns the octets of its answer. @throws as {@link call} */
  async fetch(operation: OperationId, options: CallOptions = {}): Promise<Uint8Array> {
    const { method, path } = routes[operation];
    const target = fillPath(path, options.params ?? {}) + queryText(options.query ?? {});
    this.#trace(`> ${method} ${this.origin}${target}`);
    const { statusCode, bytes } = await this.#send(method, target, options);
    this.#trace(`< ${statusCode} (${bytes.length} bytes)`);
    if (statusCode >= 400) throw refusalOf(bytes, statusCode);
    return bytes;
  }

  async close(): Promise<void> {
    await this.#agent.close();
  }

  async #send(method: Dispatcher.HttpMethod, path: string, options: CallOptions) {
    try {
      const { statusCode, body } = await this.#agent.request({
        origin: this.origin,
        path,
        method,
        headers: {
          accept: options.accept ?? '*/*',
          ...(options.body !== undefined && { 'content-type': 'application/json' }),
          ...options.headers,
        },
        body: options.body ?? null,
      });
      return { statusCode, bytes: await readBounded(body) };
    } catch (error) {
      throw error instanceof CliError ? error : explainTransportError(error, this.origin);
    }
  }
}

/** With no roots every server is taken: see `fetchPinnedRoot`, which shows it no client certificate and believes nothing. */
function trustOf({ trustedPem, client }: Connection): { ca: string } | { rejectUnauthorized: false } {
  if (trustedPem !== undefined) return { ca: trustedPem };
  if (client !== undefined) throw new TypeError('a client certificate is not shown to an unverified server');
  return { rejectUnauthorized: false };
}

async function readBounded(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxAnswerBytes) throw new CliError('badAnswer', `the answer has more than ${maxAnswerBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

function refusalOf(bytes: Uint8Array, statusCode: number): ServerRefusal {
  let body: unknown;
  try {
    body = parseJson(bytes);
  } catch {
    // A proxy's error page, say; fromProblem makes the best of the status.
    body = undefined;
  }
  return new ServerRefusal(fromProblem(body, statusCode), body as Problem | undefined);
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new CliError('badAnswer', 'the answer of the server is not JSON', {
      advice: 'Check that --server names a PKI server and nothing that stands before it.',
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
