/**
 * The server under measurement: the real one, which also tells how long its answers took from the head of a request to
 * the last octet handed to the socket.
 *
 * @module
 */
import { startServer, systemClock } from '@vcc-pki/server';
import type { ServerPlan, ServerReady } from '../support/server-process.ts';

const { directory, passphrase } = JSON.parse(process.argv[2] as string) as ServerPlan;
const start = performance.now();
const times: number[] = [];
const server = await startServer({
  directory,
  passphrase: new TextEncoder().encode(passphrase),
  clock: systemClock,
  port: 0,
  publicPort: 0,
  extend: ({ api }) => {
    api.addHook('onResponse', async (request, reply) => {
      if (request.url.startsWith('/api/v1/discovery/')) times.push(reply.elapsedTime);
    });
    api.get('/bench/times', () => times.splice(0));
  },
});
const { apiUrl, publicUrl } = server;
const ready: ServerReady = { apiUrl, publicUrl, openedInMs: performance.now() - start };
process.send?.(ready);
process.once('SIGTERM', async () => {
  await server.close();
  process.exit();
});
