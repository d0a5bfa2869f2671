import assert from 'node:assert/strict';
import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { ServiceResource } from '@vcc-pki/api';
import { enrolledClient, tokenFor } from '../client/support/two-clients.ts';
import { runningPki } from '../support/running-pki.ts';
import { startProgram } from '../support/start-program.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

test('the ten lines of README.md are a service, exactly as they are printed', async (t) => {
  const text = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  const [, program = ''] = /^```ts\n(.*?)^```$/ms.exec(text) ?? [];
  assert.ok(program.trim().split('\n').length <= 11, 'two imports, an empty line, and the rest');
  const pki = await runningPki(t);
  const cwd = await temporaryDirectory(t);
  // As after npm install.
  await symlink(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(cwd, 'node_modules'), 'dir');
  await writeFile(join(cwd, 'service.ts'), program);
  await writeFile(join(cwd, 'package.json'), '{ "type": "module" }');
  const start = (token: string | undefined) => startProgram(t, 'service.ts', { cwd, env: { VCC_PKI_TOKEN: token } });

  const covina = await enrolledClient(t, pki, 'covina-backend');
  const veritas = covina.createTlsContextForService('veritas-backend');
  const callUntilThere = async () => {
    for (let tries = 0; ; tries++) {
      try {
        return await (await veritas.fetch('https://localhost:45678/')).text();
      } catch (error) {
        if (tries > 200) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  };
  const first = start(await tokenFor(pki, 'veritas-backend'));
  assert.equal(await callUntilThere(), 'hello covina-backend');
  for (let tries = 0; tries < 100; tries++) {
    const answer = await pki.call('GET', '/api/v1/services/veritas-backend');
    if (answer.status === 200) {
      assert.deepEqual((answer.json() as ServiceResource).endpoints, ['https://localhost:45678']);
      break;
    }
    assert.ok(tries < 99, 'it does not register');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await first.stop();
  // The second start needs no token.
  start(undefined);
  assert.equal(await callUntilThere(), 'hello covina-backend');
});
