/**
 * The server that the fleet talks to: the real one.
 *
 * @module
 */
import { startServer, systemClock } from '@vcc-pki/server';
import type { ServerPlan, ServerReady } from '../support/server-process.ts';

const { directory, passphrase } = JSON.parse(process.argv[2] as string) as ServerPlan;
const start = performance.now();
const server = await startServer({
  directory,
  passphrase: new TextEncoder().encode(passphrase),
  clock: systemClock,
  port: 0,
  publicPort: 0,
});
const { apiUrl, publicUrl } = server;
const ready: ServerReady = { apiUrl, publicUrl, openedInMs: performance.now() - start };
process.send?.(ready);
process.once('SIGTERM', async () => {
  await server.close();
  process.exit();
});
