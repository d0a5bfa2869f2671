import { Agent, type Dispatcher } from 'undici';
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

/** Opens TLS connections for one identity. Never plain ones: the origin is checked by whoever makes the origin. */
export function createAgent(
  trust: ServerTrust,
  client: ClientIdentity | undefined,
  limits: TransportLimits = {},
): Agent {
  const answerTimeoutMs = limits.answerTimeoutMs ?? 30_000;
  return new Agent({
    connections: limits.connections ?? 4,
    headersTimeout: answerTimeoutMs,
    bodyTimeout: answerTimeoutMs,
    connect: {
      timeout: limits.connectTimeoutMs ?? 10_000,
      ...tlsTrust(trust, client),
      ...(client && { cert: client.certificatePem, key: client.keyPem }),
    },
  });
}

function tlsTrust(
  trust: ServerTrust,
  client: ClientIdentity | undefined,
): { ca: string } | { rejectUnauthorized: false } {
  if (trust !== 'anybody') return { ca: trust.trustedPem };
  if (client !== undefined) throw new TypeError('a client certificate is not shown to an unverified server');
  return { rejectUnauthorized: false };
}

/** Sends one request and reads its whole answer. Errors are those of undici. */
export async function sendRequest(
  agent: Dispatcher,
  request: Omit<Dispatcher.RequestOptions, 'opaque'>,
): Promise<TransportAnswer> {
  const { statusCode, headers, body } = await agent.request(request);
  return { statusCode, headers, bytes: await readBounded(body) };
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
