import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Lifetime } from '../support/lifetime.ts';

/** `pass`: as if it were not there. `cut`: nobody is reached. `freeze`: connections stand, and nothing comes. `slow`: all octets come late. */
export type ProxyMood = 'pass' | 'cut' | 'freeze' | 'slow';

/** A network in the way of a server, for a test to break. */
export interface UnrulyProxy {
  readonly port: number;
  set(mood: ProxyMood): void;
}

const slowMs = 150;

export async function unrulyProxy(t: Lifetime, targetPort: number): Promise<UnrulyProxy> {
  let mood: ProxyMood = 'pass';
  const sockets = new Set<Socket>();
  const forward = (from: Socket, to: Socket): void => {
    from.on('data', (chunk: Buffer) => {
      if (mood === 'freeze') return;
      if (mood === 'slow') setTimeout(() => to.write(chunk), slowMs).unref();
      else to.write(chunk);
    });
    from.on('error', () => to.destroy());
    from.on('close', () => to.destroy());
  };
  const server = createServer((client) => {
    if (mood === 'cut') {
      client.destroy();
      return;
    }
    const upstream = connect(targetPort, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    }
    forward(client, upstream);
    forward(upstream, client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const destroyAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  t.after(() => {
    destroyAll();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    set: (next) => {
      // What stood when the network broke stays broken.
      if (next === 'cut' || mood === 'freeze') destroyAll();
      mood = next;
    },
  };
}
