import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Material } from '../../apps/cli/src/agent/outputs/material.ts';
import { sharedPki } from '../support/shared-pki.ts';
import { openScene } from './support/scene.ts';

/** `VCC_PKI_AGENT_KILLS=200` kills more often. */
const kills = Number(process.env['VCC_PKI_AGENT_KILLS'] ?? 5);

const pki = sharedPki();

async function material(): Promise<Material> {
  const { cert, certificatePem, key } = await pki().issueFor('veritas-backend');
  return { certPem: certificatePem, keyPem: key, fullchainPem: cert, caPem: pki().rootPem };
}

test(`kill -9 while files are written, ${kills} times: a working pair each time`, async (t) => {
  const { folder } = await openScene(t);
  const out = join(folder, 'out');
  const materials = [await material(), await material()];
  const read = (name: string): Promise<string> => readFile(join(out, name), 'utf8');
  for (let kill = 1; kill <= kills; kill += 1) {
    const child = fork(new URL('./support/output-writer.ts', import.meta.url), [out, JSON.stringify(materials)], {
      execArgv: ['--conditions=@vcc-pki/source', '--disable-warning=ExperimentalWarning'],
    });
    const exited = once(child, 'exit');
    await once(child, 'message');
    // Anywhere within the next few generations.
    await delay(Math.random() * 20);
    child.kill('SIGKILL');
    await exited;
    const certificate = new X509Certificate(await read('fullchain.pem'));
    assert.ok(certificate.checkPrivateKey(createPrivateKey(await read('key.pem'))), `kill ${kill}`);
    assert.equal(await read('combined.pem'), (await read('fullchain.pem')) + (await read('key.pem')));
  }
  // What the kills left half done is gone with the next writing, but for one generation at most.
  const generations = (await readdir(out)).filter((name) => name.startsWith('..generation-'));
  assert.ok(generations.length <= 4, generations.join());
});
