import { Client, type Dispatcher } from 'undici';

export interface PublicRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: Uint8Array | undefined;
}

/** Keep-alive connections to the public listener; each sends its next request when the one before it is answered. */
export class PublicLoad {
  readonly #clients: readonly Client[];

  constructor(url: string, connections: number) {
    this.#clients = Array.from({ length: connections }, () => new Client(url, { pipelining: 1 }));
  }

  /** Sends the requests over and over for a time. @returns answers a second. @throws Error for a status that is not 200. */
  async rate(requests: readonly PublicRequest[], durationMs: number): Promise<number> {
    const start = performance.now();
    let sent = 0;
    const lane = async (client: Client): Promise<void> => {
      while (performance.now() - start < durationMs) {
        const request = requests[sent % requests.length] as PublicRequest;
        sent += 1;
        await send(client, request);
      }
    };
    await Promise.all(this.#clients.map(lane));
    return (sent / (performance.now() - start)) * 1000;
  }

  async close(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.close()));
  }
}

const headers = { 'content-type': 'application/ocsp-request' };

/** By undici's events, not its promises and streams: the client must not be what is measured. */
function send(client: Client, { method, path, body }: PublicRequest): Promise<void> {
  return new Promise((resolve, reject) => {
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart: () => undefined,
      onResponseStart: (_controller, status) => {
        if (status !== 200) throw new Error(`${method} ${path}: ${status}`);
      },
      onResponseData: () => undefined,
      onResponseEnd: () => resolve(),
      onResponseError: (_controller, error) => reject(error),
    };
    client.dispatch(
      body === undefined ? { method, path } : { method, path, body: Buffer.from(body), headers },
      handler,
    );
  });
}
