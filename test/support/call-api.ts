import { Agent, request } from 'undici';

/** A client certificate with its chain, and its key; PEM. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

export interface CallOptions {
  /** Who calls; null: nobody, without a client certificate. */
  readonly as?: Identity | null | undefined;
  /** Sent as JSON; a Buffer or string is sent as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: Buffer;
  readonly text: string;
  /** The body, parsed. */
  json(): unknown;
  /** The body as a problem document. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** One request over TLS on a connection of its own, the server verified against `ca`. */
export async function callApi(url: string, options: CallOptions & { method: string; ca: string }): Promise<Answer> {
  const { as, ca } = options;
  const agent = new Agent({ connect: { ca, ...(as && { cert: as.cert, key: as.key }) } });
  try {
    return await callThrough(agent, url, options);
  } finally {
    await agent.close();
  }
}

/** One request on an agent that may keep its connections open. */
export async function callThrough(
  dispatcher: Agent,
  url: string,
  { method, body, headers }: CallOptions & { method: string },
): Promise<Answer> {
  const isRaw = typeof body === 'string' || body instanceof Uint8Array;
  const response = await request(url, {
    dispatcher,
    method: method as 'GET',
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    body: body === undefined ? null : isRaw ? body : JSON.stringify(body),
  });
  const bytes = Buffer.from(await response.body.arrayBuffer());
  const text = bytes.toString('utf8');
  return {
    status: response.statusCode,
    headers: response.headers,
    bytes,
    text,
    json: () => JSON.parse(text) as unknown,
    get body() {
      return JSON.parse(text) as Record<string, unknown>;
    },
  };
}
