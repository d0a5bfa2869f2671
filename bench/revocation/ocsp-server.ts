/**
 * The server under measurement: the real one, with the endpoints beside it that the OCSP responder is held against.
 *
 * @module
 */
import { startServer, systemClock } from '@vcc-pki/server';
import type { ServerPlan, ServerReady } from '../support/server-process.ts';
import { addOcspPeers } from './ocsp-peers.ts';

const { directory, passphrase } = JSON.parse(process.argv[2] as string) as ServerPlan;
const start = performance.now();
const server = await startServer({
  directory,
  passphrase: new TextEncoder().encode(passphrase),
  clock: systemClock,
  port: 0,
  publicPort: 0,
  extend: (app, { ocsp }) => {
    if (ocsp === undefined) throw new Error('OCSP is switched off in the configuration of the benchmark.');
    addOcspPeers(app, ocsp);
  },
});
const { apiUrl, publicUrl } = server;
const ready: ServerReady = { apiUrl, publicUrl, openedInMs: performance.now() - start };
process.send?.(ready);
process.once('SIGTERM', async () => {
  await server.close();
  process.exit();
});
