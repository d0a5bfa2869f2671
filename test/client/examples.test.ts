import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { freePorts } from '../support/free-ports.ts';
import { runningPki } from '../support/running-pki.ts';
import { startProgram } from '../support/start-program.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { enrolledClient, tokenFor } from './support/two-clients.ts';

function example(name: string): string {
  return fileURLToPath(new URL(`../../examples/${name}/service.ts`, import.meta.url));
}

test('the two example services find each other and answer a third', async (t) => {
  const pki = await runningPki(t);
  const folder = await temporaryDirectory(t);
  const [covinaPort, veritasPort] = (await freePorts(2)) as [number, number];
  const start = async (name: string, service: string, port: number) => {
    const env = {
      CERT_FOLDER: join(folder, service),
      VCC_PKI_TOKEN: await tokenFor(pki, service),
      PORT: `${port}`,
      ENDPOINT: `https://localhost:${port}`,
    };
    const program = startProgram(t, example(name), { cwd: folder, env });
    await program.until(`listening on ${port}`);
    return program;
  };
  await start('node-https-service', 'covina-backend', covinaPort);
  const veritas = await start('fastify-service', 'veritas-backend', veritasPort);
  const clara = await enrolledClient(t, pki, 'clara-backend');
  const toVeritas = clara.createTlsContextForService('veritas-backend');
  const health = await toVeritas.fetch(`https://localhost:${veritasPort}/health`);
  assert.deepEqual(await health.json(), { status: 'ok', certificate: 'valid' });
  let answer = await toVeritas.fetch(`https://localhost:${veritasPort}/report`);
  // The other one registers behind its first line of output.
  for (let tries = 0; answer.status !== 200 && tries < 100; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    answer = await toVeritas.fetch(`https://localhost:${veritasPort}/report`);
  }
  assert.deepEqual(await answer.json(), {
    asked: 'clara-backend',
    covina: { data: [1, 2, 3], for: 'veritas-backend' },
  });
  await veritas.stop();
});
