/**
 * The server under measurement: the real one. It tells how much memory it takes when it is asked (Linux; nothing
 * elsewhere), and begins to look for the peak anew.
 *
 * @module
 */
import { readFile, writeFile } from 'node:fs/promises';
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
  extend: (app) =>
    app.public.get('/bench/memory', async () => {
      const status = await readFile('/proc/self/status', 'latin1').catch(() => '');
      // 5: the peak begins with what is used now (proc(5), clear_refs).
      await writeFile('/proc/self/clear_refs', '5').catch(() => undefined);
      const mib = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024;
      return { used: mib('VmRSS'), peak: mib('VmHWM') };
    }),
});
const { apiUrl, publicUrl } = server;
const ready: ServerReady = { apiUrl, publicUrl, openedInMs: performance.now() - start };
process.send?.(ready);
process.once('SIGTERM', async () => {
  await server.close();
  process.exit();
});
