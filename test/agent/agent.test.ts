import assert from 'node:assert/strict';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { runJson } from '../cli/support/run-cli.ts';
import { allowService } from '../support/configure.ts';
import { runProgram } from '../support/run-program.ts';
import { sharedPki } from '../support/shared-pki.ts';
import { agentHead, existingPair, startAgent, type TestAgent } from './support/agent-in-process.ts';
import { openScene, type Scene } from './support/scene.ts';

const service = 'kept';
const pki = sharedPki(() => ({ configure: allowService(service, 'max_certificates: 1000') }));

/** The entry of a certificate that takes over the pair beside agent.yaml. */
function entry(name: string, more: string): string {
  return `  - name: ${name}
    service_id: ${service}
    existing_cert_file: ${service}.pem
    existing_key_file: ${service}.key
${more}`;
}

/** A server that serves the files of an output; it takes them up when it is told, or never. */
async function startServer(scene: Scene, tls: string): Promise<{ port: number; takeUp(): Promise<void> }> {
  const read = async () => ({
    cert: await readFile(join(tls, 'fullchain.pem')),
    key: await readFile(join(tls, 'key.pem')),
  });
  const server = createServer(await read(), (_request, response) => response.end('hello'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  scene.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { port, takeUp: async () => server.setSecureContext(await read()) };
}

/** What `vcc-pki agent status` tells once it ends with a code; the status reaches the disk a moment later than the log. */
async function untilStatus({ configFile }: TestAgent, code: number): Promise<{ well: boolean; detail?: string }> {
  for (let tries = 1; ; tries += 1) {
    const told = await runJson<{ well: boolean; detail?: string }>(['agent', 'status', '--config', configFile]);
    if (told.code === code) return told.json;
    if (tries === 50) throw new Error(`agent status does not end with ${code}: ${JSON.stringify(told.json)}`);
    await delay(50);
  }
}

test('enrols with a one-time token, whose root it trusts', async (t) => {
  const scene = await openScene(t);
  const { folder } = scene;
  const created = await pki().call('POST', '/api/v1/tokens', { body: { service_name: service } });
  assert.equal(created.status, 201, String(created.body));
  await writeFile(join(folder, 'token'), `${(created.json() as { token: string }).token}\n`);
  const head = `pki_server: { url: "${pki().apiUrl}" }\nstate_dir: state\ncertificates:\n`;
  const more = '    enrolment_token_file: token\n    outputs: [{ folder: out }]\n';
  const agent = await startAgent(scene, folder, `${head}  - name: web\n    service_id: ${service}\n${more}`);
  const { enrolments, state } = await agent.until(({ outputs }) => outputs[0]!.written_fingerprint !== null);
  assert.deepEqual([enrolments, state], [1, 'valid']);
  assert.equal(await readFile(join(folder, 'out/ca.pem'), 'utf8').then((pem) => pem.trim()), pki().rootPem.trim());
  assert.doesNotMatch(agent.log.join(''), /PRIVATE KEY|vcc1\./);
});

test('without a certificate and without a token it says what is needed, and goes on when it comes', async (t) => {
  const scene = await openScene(t);
  const agent = await startAgent(
    scene,
    scene.folder,
    `${agentHead(pki())}certificates:\n  - name: web\n    service_id: ${service}\n`,
  );
  const waiting = await agent.until(({ error }) => error !== null);
  assert.equal(waiting.state, 'enrolmentNeeded');
  assert.equal(waiting.error!.code, 'noCertificate');
});

test('an endpoint that keeps the old certificate is unproven, reported, and proven once it changes', async (t) => {
  const scene = await openScene(t);
  const { folder } = scene;
  await existingPair(pki(), folder, service);
  const yaml = (port: number): string =>
    `${agentHead(pki())}certificates:\n${entry('web', `    outputs: [{ folder: out }]\n    proof: { timeout_seconds: 1, endpoints: [{ address: "127.0.0.1:${port}" }] }\n`)}`;
  const first = await startAgent(scene, folder, yaml(1));
  await first.until(({ outputs }) => outputs[0]!.written_fingerprint !== null);
  const server = await startServer(scene, join(folder, 'out'));
  await first.reload(yaml(server.port));
  const { fingerprint: old } = await first.until(({ proof }) => proof.state === 'proven');
  const renewed = await first.renew();
  const stale = await first.until((one) => one.fingerprint === renewed && one.proof.state === 'unproven');
  assert.equal(stale.proof.endpoints[0]!.problem, 'another certificate is served');
  assert.equal(stale.proof.endpoints[0]!.served_fingerprint, old);
  const told = await untilStatus(first, 1);
  assert.deepEqual([told.well, told.detail], [false, 'not well: web']);

  await server.takeUp();
  const good = await first.until(({ proof }) => proof.state === 'proven');
  assert.equal(good.proof.endpoints[0]!.reported_fingerprint, renewed);
  const served = await pki().call('GET', `/api/v1/services/${service}/served`);
  const { endpoints } = served.json() as { endpoints: { endpoint: string; served_fingerprint: string }[] };
  assert.deepEqual(
    endpoints.map(({ endpoint, served_fingerprint }) => [endpoint, served_fingerprint]),
    [[`https://127.0.0.1:${server.port}`, renewed]],
  );
  assert.equal((await untilStatus(first, 0)).well, true);
});

test('a signal that the program loses is sent once more, and not a third time', async (t) => {
  const scene = await openScene(t);
  const { folder } = scene;
  await existingPair(pki(), folder, service);
  // The program is this process.
  await writeFile(join(folder, 'program.pid'), `${process.pid}\n`);
  let signals = 0;
  let onSignal = (): unknown => undefined;
  const listener = (): void => {
    signals += 1;
    onSignal();
  };
  process.on('SIGHUP', listener);
  scene.after(() => process.off('SIGHUP', listener));
  const output = '    outputs: [{ folder: out, reload: { signal: SIGHUP, pid_file: program.pid } }]\n';
  const yaml = (endpoints: string): string =>
    `${agentHead(pki())}certificates:\n${entry('web', output)}    proof: { registered_endpoints: false, timeout_seconds: 1, endpoints: [${endpoints}] }\n`;
  const agent = await startAgent(scene, folder, yaml(''));
  await agent.until(({ outputs }) => outputs[0]!.reloaded_fingerprint !== null);
  const server = await startServer(scene, join(folder, 'out'));
  await agent.reload(yaml(`{ address: "127.0.0.1:${server.port}" }`));
  await agent.until(({ proof }) => proof.state === 'proven');

  signals = 0;
  const looks = (): number => agent.log.filter((line) => line.includes('"not served"')).length;
  const before = looks();
  await agent.renew();
  await agent.until(() => looks() === before + 3);
  assert.equal(signals, 2);

  signals = 0;
  onSignal = () => signals === 2 && server.takeUp();
  const renewed = await agent.renew();
  await agent.until(({ fingerprint, proof }) => fingerprint === renewed && proof.state === 'proven');
  assert.equal(signals, 2);
});

test('the endpoints that the registry has are looked at, and the command renews', async (t) => {
  const scene = await openScene(t);
  const { folder } = scene;
  await existingPair(pki(), folder, service);
  const tls = join(folder, 'out');
  const hook = join(folder, 'told');
  const touch = `[${process.execPath}, "-e", "require('node:fs').writeFileSync(process.argv[1], '')", "${hook}"]`;
  const output = `    outputs: [{ folder: out, reload: { command: ${touch} } }]\n`;
  const yaml = `${agentHead(pki())}certificates:\n${entry('web', output)}`;
  const agent = await startAgent(scene, folder, yaml);
  await agent.until(({ outputs, proof }) => outputs[0]!.reloaded_fingerprint !== null && proof.state === 'none');
  const server = await startServer(scene, tls);
  const registered = await pki().call('POST', '/api/v1/services/register', {
    body: { service_id: service, service_name: 'Kept', endpoints: [`https://127.0.0.1:${server.port}`] },
  });
  assert.equal(registered.status, 201, String(registered.body));
  const renewed = runJson<{ renewed: { name: string; fingerprint: string }[] }>([
    ...['agent', 'renew', 'web', '--config', agent.configFile],
  ]);
  await agent.until(({ fingerprint, outputs }) => outputs[0]!.reloaded_fingerprint === fingerprint);
  const { code, json } = await renewed;
  assert.equal(code, 0);
  await agent.until(({ outputs }) => outputs[0]!.reloaded_fingerprint === json.renewed[0]!.fingerprint);
  await server.takeUp();
  const { proof } = await agent.until((one) => one.proof.state === 'proven');
  assert.deepEqual(
    proof.endpoints.map(({ endpoint, served_fingerprint }) => [endpoint, served_fingerprint]),
    [[`https://127.0.0.1:${server.port}`, json.renewed[0]!.fingerprint]],
  );
  assert.equal((await runJson(['agent', 'renew', 'other', '--config', agent.configFile])).code, 2);
  await agent.stop();
  assert.equal((await runJson(['agent', 'renew', '--config', agent.configFile])).code, 4);
  const stopped = await runJson<{ running: boolean; detail: string }>([
    'agent',
    'status',
    '--config',
    agent.configFile,
  ]);
  assert.deepEqual([stopped.code, stopped.json.running], [1, false]);
});

test('check-config tells every finding with its place', async (t) => {
  const { folder } = await openScene(t);
  const file = join(folder, 'agent.yaml');
  await writeFile(file, `${agentHead(pki())}certificate: []\n`);
  const { code, json } = await runJson<{ code: string; findings: { line: number; message: string }[] }>([
    ...['agent', 'check-config', '--config', file],
  ]);
  assert.deepEqual([code, json.code, json.findings[0]!.line], [1, 'badConfiguration', 5]);
  assert.match(json.findings[0]!.message, /did you mean certificates\?/);
});

test('what fails for one certificate fails for no other, and is mended by itself', async (t) => {
  const scene = await openScene(t);
  const { folder } = scene;
  await existingPair(pki(), folder, service);
  await writeFile(join(folder, 'blocked'), 'a file where the folder should be');
  const hang = `[${process.execPath}, "-e", "setInterval(() => {}, 1000)"]`;
  const agent = await startAgent(
    scene,
    folder,
    `${agentHead(pki())}certificates:
${entry('blocked', '    outputs: [{ folder: blocked/out }]\n')}${entry('hanging', `    outputs: [{ folder: hanging, reload: { command: ${hang}, timeout_seconds: 1 } }]\n`)}${entry('failing', '    outputs: [{ folder: failing, reload: { command: [/bin/false] } }]\n')}${entry('good', '    outputs: [{ folder: good, reload: { command: [/bin/true] } }]\n')}`,
  );
  const good = await agent.until(({ outputs }) => outputs[0]!.reloaded_fingerprint !== null, 'good');
  assert.equal(good.outputs[0]!.error, null);
  const codes = await Promise.all(
    ['blocked', 'hanging', 'failing'].map(async (name) => {
      const { outputs } = await agent.until((one) => one.outputs[0]!.error !== null, name);
      return outputs[0]!.error!.code;
    }),
  );
  assert.deepEqual(codes, ['ENOTDIR', 'reloadTimeout', 'reloadFailed']);
  const renewed = await agent.renew('good');
  await agent.until(({ outputs }) => outputs[0]!.reloaded_fingerprint === renewed, 'good');
  await rm(join(folder, 'blocked'));
  await agent.until(({ outputs }) => outputs[0]!.error === null, 'blocked');
});

test('while the server is away the certificate stays in use, and it is renewed when the server is back', async (t) => {
  const scene = await openScene(t);
  const { folder } = scene;
  await existingPair(pki(), folder, service);
  const agent = await startAgent(
    scene,
    folder,
    `${agentHead(pki())}certificates:\n${entry('web', '    outputs: [{ folder: out }]\n')}`,
  );
  const { fingerprint } = await agent.until(({ outputs }) => outputs[0]!.written_fingerprint !== null);
  await pki().server().close();
  await assert.rejects(agent.renew(), /cannotConnect/);
  const away = agent.certificate();
  assert.deepEqual([away.state, away.fingerprint], ['valid', fingerprint]);
  await pki().restart();
  const renewed = await agent.renew();
  await agent.until(({ outputs }) => outputs[0]!.written_fingerprint === renewed);
  assert.notEqual(renewed, fingerprint);
});

test('a full disk leaves the old pair in its place', {
  skip: process.geteuid?.() !== 0 && 'needs root to mount; CI is root',
}, async (t) => {
  const scene = await openScene(t);
  const { folder } = scene;
  await existingPair(pki(), folder, service);
  const small = join(folder, 'small');
  await mkdir(small);
  const mounted = await runProgram('mount', ['-t', 'tmpfs', '-o', 'size=64k,mode=0755', 'tmpfs', small]);
  if (mounted.code !== 0) return t.skip(`no tmpfs here: ${mounted.stderr.trim()}`);
  scene.after(() => runProgram('umount', [small]));
  const agent = await startAgent(
    scene,
    folder,
    `${agentHead(pki())}certificates:\n${entry('web', '    outputs: [{ folder: small/out }]\n')}`,
  );
  const { fingerprint } = await agent.until(({ outputs }) => outputs[0]!.written_fingerprint !== null);
  const before = await readFile(join(small, 'out/key.pem'), 'utf8');
  await writeFile(join(small, 'ballast'), Buffer.alloc(64 * 1024)).catch(() => {});
  const renewed = await agent.renew();
  const full = await agent.until(({ outputs }) => outputs[0]!.error !== null);
  assert.equal(full.outputs[0]!.error!.code, 'ENOSPC');
  assert.equal(full.outputs[0]!.written_fingerprint, fingerprint);
  assert.equal(await readFile(join(small, 'out/key.pem'), 'utf8'), before);
  await rm(join(small, 'ballast'));
  await agent.until(({ outputs }) => outputs[0]!.written_fingerprint === renewed);
});
