import { Client, type Dispatcher } from 'undici';

/** Who calls: a client certificate with its chain, and its key; PEM. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

export interface LoadRequest {
  readonly method: Dispatcher.HttpMethod;
  readonly path: string;
  readonly body?: string | undefined;
}

export interface LoadAnswer {
  readonly headers: Dispatcher.ResponseData['headers'];
  readonly text: string;
}

/** One keep-alive connection over mTLS, one request at a time. */
export class Connection {
  readonly #client: Client;

  constructor(url: string, { ca, identity }: { ca: string; identity: Identity }) {
    this.#client = new Client(url, { pipelining: 1, connect: { ca, ...identity } });
  }

  /** Sends a request and reads its answer to the end. @throws Error for a status that is no success. */
  async send({ method, path, body }: LoadRequest): Promise<LoadAnswer> {
    const {
      statusCode,
      headers,
      body: answer,
    } = await this.#client.request({
      method,
      path,
      body: body ?? null,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
    });
    const text = await answer.text();
    if (statusCode >= 300) throw new Error(`${method} ${path}: ${statusCode} ${text}`);
    return { headers, text };
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}

export interface LoadResult {
  readonly perSecond: number;
  /** One for each request, in milliseconds. */
  readonly latenciesMs: readonly number[];
}

/** Sends requests on all connections for a time, each as soon as the one before it on the same connection is answered. */
export async function load(
  connections: readonly Connection[],
  options: {
    readonly durationMs: number;
    /** The next request of a connection; `undefined` when there is no more to ask. */
    readonly next: (connection: number) => LoadRequest | undefined;
    readonly onAnswer?: (answer: LoadAnswer, connection: number) => void;
  },
): Promise<LoadResult> {
  const latenciesMs: number[] = [];
  const start = performance.now();
  const end = start + options.durationMs;
  const lane = async (connection: Connection, index: number): Promise<void> => {
    for (let sent = performance.now(); sent < end; sent = performance.now()) {
      const request = options.next(index);
      if (request === undefined) return;
      const answer = await connection.send(request);
      latenciesMs.push(performance.now() - sent);
      options.onAnswer?.(answer, index);
    }
  };
  await Promise.all(connections.map(lane));
  return { perSecond: (latenciesMs.length / (performance.now() - start)) * 1000, latenciesMs };
}
