/**
 * The real server in a process of its own, to be frozen and killed.
 *
 * @module
 */
import { startServer, systemClock } from '@vcc-pki/server';

const { directory, passphrase } = JSON.parse(process.argv[2] as string) as { directory: string; passphrase: string };
await startServer({
  directory,
  passphrase: new TextEncoder().encode(passphrase),
  clock: systemClock,
  logTo: { write: () => {} },
});
process.send?.('ready');
