import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePorts } from '../support/free-ports.ts';
import { startProgram } from '../support/start-program.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { untilListening } from '../support/until-listening.ts';
import { shBlocks } from './sh-blocks.ts';
import { runBlock } from './shell.ts';

const cli = fileURLToPath(new URL('../../apps/cli/src/main.ts', import.meta.url));

test('the commands of README.md lead from nothing to a certificate that openssl and the server accept', async (t) => {
  const cwd = await temporaryDirectory(t);
  const [port, publicPort, servicePort] = (await freePorts(3)) as [number, number, number];
  const passphraseFile = join(cwd, 'passphrase');
  await writeFile(passphraseFile, 'typed by the reader', { mode: 0o600 });
  const env = {
    VCC_PKI_PASSPHRASE_FILE: passphraseFile,
    PKI_PORT: String(port),
    PKI_PUBLIC_PORT: String(publicPort),
    PKI_DIR: join(cwd, 'pki'),
  };
  // The page speaks of /srv/pki and port 8443; the test has a folder and ports of its own.
  const here = (block: string): string =>
    block
      .replaceAll('/srv/pki', join(cwd, 'pki'))
      .replaceAll('localhost:8443', `localhost:${port}`)
      .replaceAll(':45678/', `:${servicePort}/`);
  const [tryIt, start, ...rest] = (await shBlocks('README.md')).map(here);
  assert.match(tryIt ?? '', /npm run tour.*npm start.*npm test/s);
  const [init, serve] = (start ?? '').split('\n');
  assert.match(serve ?? '', /^npx vcc-pki serve --dir /);

  const made = await runBlock(init ?? '', { cwd, env });
  assert.equal(made.code, 0, made.stderr);
  const args = ['--conditions=@vcc-pki/source', cli, 'serve', '--dir', join(cwd, 'pki')];
  const server = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: 'ignore' });
  t.after(async () => {
    server.kill('SIGTERM');
    if (server.exitCode === null) await once(server, 'exit');
  });
  await untilReady(publicPort);

  let token = '';
  for (const block of rest) {
    if (block.includes(`:${servicePort}/`)) await startService(t, { cwd, token, servicePort });
    const { code, stdout, stderr } = await runBlock(`export PKI_DIR=${join(cwd, 'pki')}\n${block}`, { cwd, env });
    assert.equal(code, 0, `${block}\n${stdout}\n${stderr}`);
    if (block.includes('openssl verify')) assert.match(stdout, /cert\.pem: OK/);
    if (block.includes('token create')) token = stdout.trim();
    if (block.includes('/api/v1/')) assert.match(stdout, /"status":"active"/);
    if (block.includes(`:${servicePort}/`)) assert.match(stdout, /hello covina-backend$/);
  }
});

test('README.md names only pages and scripts that exist', async () => {
  const text = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  for (const [, page] of text.matchAll(/\]\(([\w./-]+\.md)\)/g)) {
    await readFile(new URL(`../../${page}`, import.meta.url));
  }
  const { scripts } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as {
    scripts: Record<string, string>;
  };
  for (const [, script] of text.matchAll(/npm run ([\w:-]+)/g)) assert.ok(scripts[`${script}`], `npm run ${script}`);
});

/** The program of the page, in the folder in which the reader has typed everything before. */
async function startService(
  t: TestContext,
  { cwd, token, servicePort }: { readonly cwd: string; readonly token: string; readonly servicePort: number },
): Promise<void> {
  const text = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  const [, program = ''] = /^```ts\n(.*?)^```$/ms.exec(text) ?? [];
  await writeFile(join(cwd, 'service.ts'), program.replaceAll('45678', String(servicePort)));
  await writeFile(join(cwd, 'package.json'), '{ "type": "module" }');
  // As after npm install.
  await symlink(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(cwd, 'node_modules'), 'dir');
  startProgram(t, 'service.ts', { cwd, env: { VCC_PKI_TOKEN: token } });
  // It enrols before it listens.
  await untilListening(servicePort, 'service.ts', 30);
}

async function untilReady(publicPort: number): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    const isReady = await fetch(`http://localhost:${publicPort}/ready`).then(
      (response) => response.ok,
      // Not listening yet; the loop has an end.
      () => false,
    );
    if (isReady) return;
    await sleep(100);
  }
  throw new Error('the server is not ready after 30 s');
}
