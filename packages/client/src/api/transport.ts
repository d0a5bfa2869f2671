import { once } from 'node:events';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { createSecureContext } from 'node:tls';
import { ClientError } from '../client-error.ts';

/** Who is asking. */
export interface ClientIdentity {
  /** Certificate with its chain, leaf first, in PEM. */
  readonly certificatePem: string;
  readonly keyPem: string;
}

/** Whom to believe: servers whose certificate leads to these roots (PEM), or, for a pinned fetch alone, anybody. */
export type ServerTrust = { readonly trustedPem: string } | 'anybody';

/** Limits of a connection; all have defaults. */
export interface TransportLimits {
  /** Longest wait for a connection. Default 10,000: three lost SYN packets. */
  readonly connectTimeoutMs?: number;
  /** Longest wait for an answer, and between two pieces of it. Default 30,000: the slowest call, on a loaded server. */
  readonly answerTimeoutMs?: number;
  /** Connections that may be open at once. Default 4. */
  readonly connections?: number;
}

export interface TransportAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: Uint8Array;
}

/** Answers of the API are pages of at most 500 items and CRLs; this is far above both. */
const maxAnswerBytes = 256 * 1024 * 1024;

/**
 * TLS connections for one identity, kept open between requests. Node's own https, and not undici: a process that stays for
 * good and asks once in weeks (the agent) must not hold a browser's worth of code in memory.
 */
export class TlsTransport {
  readonly #newAgent: () => Agent;
  #agent: Agent | undefined;
  readonly #connectTimeoutMs: number;
  readonly #answerTimeoutMs: number;
  readonly #underWay = new Set<Promise<unknown>>();
  #isClosed = false;

  /** Never plain ones: the origin is checked by whoever makes the origin. */
  constructor(trust: ServerTrust, client: ClientIdentity | undefined, limits: TransportLimits = {}) {
    this.#connectTimeoutMs = limits.connectTimeoutMs ?? 10_000;
    this.#answerTimeoutMs = limits.answerTimeoutMs ?? 30_000;
    const { ca, rejectUnauthorized } = tlsTrust(trust, client);
    this.#newAgent = () =>
      new Agent({
        keepAlive: true,
        maxSockets: limits.connections ?? 4,
        rejectUnauthorized,
        // One for all connections: parsing roots, chain and key again takes longer than a handshake.
        secureContext: createSecureContext({ ca, cert: client?.certificatePem, key: client?.keyPem }),
      });
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Sends one request and reads its whole answer. Redirects are answers. Errors are those of Node. */
  async send(request: TransportRequest): Promise<TransportAnswer> {
    const { statusCode, headers, body } = await this.open(request);
    return { statusCode, headers, bytes: await readBounded(body) };
  }

  /** Sends one request; the answer is read by the caller, to its end or until it is aborted. */
  async open(request: TransportRequest): Promise<OpenAnswer> {
    const begun = this.#begin(request);
    const ended = once(begun, 'close');
    this.#underWay.add(ended);
    ended
      .finally(() => this.#underWay.delete(ended))
      .catch(() => {
        // It failed, which whoever sent it has been told.
      });
    const [response] = (await once(begun, 'response')) as [IncomingMessage];
    return { statusCode: response.statusCode ?? 0, headers: response.headers, body: response };
  }

  /** Waits for requests under way, then closes the connections. */
  async close(): Promise<void> {
    this.#isClosed = true;
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
    this.#agent?.destroy();
  }

  #begin({ origin, path, method, headers, body, signal, quietMs }: TransportRequest): ClientRequest {
    // Made at the first request, which is told when certificate and key are none.
    this.#agent ??= this.#newAgent();
    const request = httpsRequest(new URL(path, origin), {
      agent: this.#agent,
      method,
      // Without it Node would send the body in chunks, of unknown length.
      headers: { ...headers, ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }) },
      ...(signal && { signal }),
    });
    const connecting = setTimeout(() => request.destroy(timedOut('connection')), this.#connectTimeoutMs);
    request.once('socket', (socket) => {
      if (request.reusedSocket) clearTimeout(connecting);
      else socket.once('secureConnect', () => clearTimeout(connecting));
    });
    request.setTimeout(quietMs ?? this.#answerTimeoutMs, () => request.destroy(timedOut('answer')));
    request.once('close', () => clearTimeout(connecting));
    request.end(body);
    return request;
  }
}

/** An answer whose octets are still to come. */
export interface OpenAnswer {
  readonly statusCode: number;
  readonly headers: TransportAnswer['headers'];
  readonly body: AsyncIterable<Uint8Array>;
}

/** What is sent. */
export interface TransportRequest {
  readonly origin: string;
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Longest silence; the time for an answer when absent. */
  readonly quietMs?: number;
}

function tlsTrust(
  trust: ServerTrust,
  client: ClientIdentity | undefined,
): { readonly ca: string | undefined; readonly rejectUnauthorized: boolean } {
  if (trust !== 'anybody') return { ca: trust.trustedPem, rejectUnauthorized: true };
  if (client !== undefined) throw new TypeError('a client certificate is not shown to an unverified server');
  return { ca: undefined, rejectUnauthorized: false };
}

function timedOut(what: string): Error {
  return Object.assign(new Error(`no ${what} in time`), { code: 'ETIMEDOUT' });
}

/** Reads a whole answer. @throws {@link ClientError} `badAnswer` when it is too long */
export async function readBounded(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxAnswerBytes) throw new ClientError('badAnswer', `the answer has more than ${maxAnswerBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

/**
 * The origin of a PKI server. Only https: there is no way to make this library talk without TLS.
 * @throws TypeError for anything else
 */
export function httpsOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:' || url.pathname !== '/' || url.search !== '' || url.username !== '') {
    throw new TypeError(`"${text}" is not the address of a PKI server: https://HOST:PORT`);
  }
  return url.origin;
}
