import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

/** A line to a server that can be cut. TLS passes through it untouched. */
export interface Relay {
  readonly port: number;
  /** Cuts every connection on the client's side at once; later ones pass again. */
  cut(): void;
}

/** Listens on loopback and passes everything on to `port`, until the end of the test. */
export async function relayTo(port: number, t: TestContext): Promise<Relay> {
  const clients = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    clients.add(client);
    client.on('close', () => {
      clients.delete(client);
      upstream.destroy();
    });
    // Either end may be cut at any moment: that is what this is for.
    client.on('error', () => upstream.destroy());
    upstream.on('error', () => client.destroy());
    client.pipe(upstream).pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const client of clients) client.destroy();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    cut: () => {
      for (const client of clients) client.destroy();
    },
  };
}
