import assert from 'node:assert/strict';
import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { jobMetrics, keyErrors } from '@vcc-pki/key-provider';
import { startedProvider } from '../../packages/key-provider/test/support/provider-scene.ts';
import { fill, jobOver, sqliteScene } from '../../packages/key-provider/test/support/reencryption-scene.ts';
import { runProgram } from '../support/run-program.ts';
import { runningPki } from '../support/running-pki.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { shBlocks } from './sh-blocks.ts';
import { runBlock } from './shell.ts';

const read = (file: string): Promise<string> => readFile(new URL(`../../${file}`, import.meta.url), 'utf8');

/** Names of all metrics that provider and job print. */
async function realMetrics(): Promise<Set<string>> {
  const { provider } = await startedProvider();
  const scene = await sqliteScene();
  fill(scene, 3);
  const { job } = jobOver(scene);
  await job.run();
  const text = provider.metrics() + jobMetrics(job);
  await provider.close();
  return new Set([...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name as string));
}

test('docs/key-provider.md has every error with its meaning and advice, and no other', async () => {
  const page = await read('docs/key-provider.md');
  const rows = [...page.matchAll(/^\| `([A-Z_]+)` \| (.+?) \| (.+?) \|$/gm)].map(([, code, meaning, advice]) => [
    code,
    { meaning, advice },
  ]);
  assert.deepEqual(Object.fromEntries(rows), keyErrors);
});

test('docs/key-provider.md has every metric, and no other', async () => {
  const page = await read('docs/key-provider.md');
  const rows = [...page.matchAll(/^\| (`vcc_.+?) \|/gm)].map(([, names]) => names as string).join();
  const documented = new Set([...rows.matchAll(/`(vcc_\w+)`/g)].map(([, name]) => name));
  assert.deepEqual([...documented].sort(), [...(await realMetrics())].sort());
});

test('every alert is over metrics that exist, and names a runbook that exists', async () => {
  const text = await read('deploy/prometheus/keys.rules.yaml');
  const rules = [...text.matchAll(/- alert: (\S+)\n\s+expr: (.+)\n(?:.*\n)*?.*runbook: (\S+)/g)];
  const metrics = await realMetrics();
  assert.ok(rules.length >= 12);
  assert.equal(rules.length, text.match(/- alert:/g)?.length);
  for (const [, alert = '', expr = '', runbook = ''] of rules) {
    const names = [...expr.matchAll(/vcc_\w+/g)].map(([name]) => name);
    assert.ok(names.length > 0, alert);
    for (const name of names) assert.ok(metrics.has(name), `${alert}: there is no ${name}`);
    assert.ok((await read(runbook)).length > 500, alert);
  }
});

test('the commands and the lines at the beginning of docs/key-provider.md encrypt and decrypt', async (t) => {
  const pki = await runningPki(t);
  const cwd = await temporaryDirectory(t);
  const [block = ''] = await shBlocks('docs/key-provider.md');
  const env = { PKI_DIR: pki.directory, PKI_PORT: String(pki.port) };
  const { code, stderr } = await runBlock(block, { cwd, env });
  assert.equal(code, 0, stderr);
  const [, program = ''] = /^```ts\n(.*?)^```$/ms.exec(await read('docs/key-provider.md')) ?? [];
  await writeFile(join(cwd, 'service.ts'), program.replace('localhost:8443', `localhost:${pki.port}`));
  await writeFile(join(cwd, 'package.json'), '{ "type": "module" }');
  // As after npm install.
  await symlink(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(cwd, 'node_modules'), 'dir');
  const run = await runProgram(process.execPath, ['--conditions=@vcc-pki/source', 'service.ts'], { cwd });
  assert.deepEqual([run.code, run.stdout], [0, '95 078-05-1120\n'], run.stderr);
});
