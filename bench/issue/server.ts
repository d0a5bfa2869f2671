/**
 * The server under measurement: the real one, with a second way to a signature beside it.
 *
 * @module
 */
import { startServer, systemClock } from '@vcc-pki/server';
import type { ServerPlan, ServerReady } from '../support/server-process.ts';
import { addMeasuredRoutes } from './verify-and-sign.ts';

const { directory, passphrase } = JSON.parse(process.argv[2] as string) as ServerPlan;
const start = performance.now();
const server = await startServer({
  directory,
  passphrase: new TextEncoder().encode(passphrase),
  clock: systemClock,
  port: 0,
  publicPort: 0,
  extend: (app, issuance) => addMeasuredRoutes(app.api, issuance),
});
const { apiUrl, publicUrl } = server;
const ready: ServerReady = { apiUrl, publicUrl, openedInMs: performance.now() - start };
process.send?.(ready);
process.once('SIGTERM', async () => {
  await server.close();
  process.exit();
});
