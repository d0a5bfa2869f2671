import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { allowService } from '../support/configure.ts';
import { freePorts } from '../support/free-ports.ts';
import { sharedPki } from '../support/shared-pki.ts';
import { agentHead, existingPair } from './support/agent-in-process.ts';
import { startAgentProcess } from './support/agent-process.ts';
import { openScene, type Scene } from './support/scene.ts';

const service = 'kept';
const pki = sharedPki(() => ({ configure: allowService(service, 'max_certificates: 1000') }));

/** What `npm run types` builds, and what is installed. */
const built = fileURLToPath(new URL('../../apps/cli/dist/main.js', import.meta.url));

/** The promise of the agent (docs/agent.md): 80 MiB. */
const maxResidentKib = 80 * 1024;

/** agent.yaml for certificates of one service, each with an output of its own. */
async function configure(
  scene: Scene,
  names: readonly string[],
  more = '',
): Promise<{ configFile: string; stateDir: string }> {
  const entries = names.map(
    (name) => `  - name: ${name}
    service_id: ${service}
    existing_cert_file: ${service}.pem
    existing_key_file: ${service}.key
    outputs: [{ folder: out/${name} }]
`,
  );
  const configFile = join(scene.folder, 'agent.yaml');
  await writeFile(configFile, `${agentHead(pki())}${more}certificates:\n${entries.join('')}`);
  return { configFile, stateDir: join(scene.folder, 'state') };
}

test('needs less than 80 MiB, with ten certificates, metrics and renewals', {
  skip: !existsSync(built) && 'not built: "npm run types" builds it; CI does',
}, async (t) => {
  const scene = await openScene(t);
  await existingPair(pki(), scene.folder, service);
  const [port] = (await freePorts(1)) as [number];
  const names = Array.from({ length: 10 }, (_, i) => `c${i}`);
  const agent = await startAgentProcess(scene, {
    ...(await configure(scene, names, `metrics_port: ${port}\n`)),
    main: built,
  });
  await agent.until(({ certificates }) =>
    certificates.every(({ outputs }) => outputs[0]!.written_fingerprint !== null),
  );
  for (const _ of [1, 2]) await agent.renew();
  await agent.until(({ certificates }) =>
    certificates.every(
      ({ renewals, outputs, fingerprint }) => renewals === 2 && outputs[0]!.written_fingerprint === fingerprint,
    ),
  );
  const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  assert.match(metrics, /^vcc_pki_agent_renewals_total\{certificate="c9",service="kept"\} 2$/m);
  const resident = await agent.residentKib();
  t.diagnostic(`resident: ${resident} KiB`);
  assert.ok(resident < maxResidentKib, `${resident} KiB are resident`);
  assert.equal(await agent.end('SIGTERM'), 0);
});

test('as an ordinary user: reads again on SIGHUP, is killed and goes on, ends with 0 on SIGTERM', async (t) => {
  const scene = await openScene(t);
  const { folder } = scene;
  await existingPair(pki(), folder, service);
  const isRoot = process.geteuid?.() === 0;
  // Debian's numbers of nobody and nogroup.
  const user = isRoot ? { uid: 65_534, gid: 65_534 } : undefined;
  for (const name of ['out', 'state', 'state-cache']) await mkdir(join(folder, name));
  const root = join(folder, 'root.pem');
  await writeFile(root, pki().rootPem);
  const places = await configure(scene, ['a']);
  if (user !== undefined) {
    await chmod(folder, 0o755);
    for (const name of await readdir(folder)) await chown(join(folder, name), user.uid, user.gid);
  }
  const rewrite = async (names: readonly string[]): Promise<void> => {
    await configure(scene, names);
    const text = await readFile(places.configFile, 'utf8');
    await writeFile(places.configFile, text.replace(pki().rootFile, root));
  };
  await rewrite(['a']);
  const options = { ...places, user };
  const first = await startAgentProcess(scene, options);
  const before = await first.until(({ certificates }) => certificates[0]?.outputs[0]?.written_fingerprint !== null);
  const second = await startAgentProcess(scene, options);
  assert.notEqual(await second.end('SIGCONT'), 0);
  assert.match(second.log(), /an agent runs already/);

  await rewrite(['a', 'b']);
  first.child.kill('SIGHUP');
  const { certificates } = await first.until(
    (status) => status.certificates.length === 2 && status.certificates[1]!.state === 'valid',
  );
  assert.equal(certificates[0]!.fingerprint, before.certificates[0]!.fingerprint);
  assert.equal(certificates[0]!.renewals, 0);

  await writeFile(places.configFile, 'certificates: 7\n');
  first.child.kill('SIGHUP');
  const wrong = await first.until(({ config_error }) => config_error !== null);
  assert.equal(wrong.certificates.length, 2);

  await rewrite(['a']);
  await first.end('SIGKILL');
  const third = await startAgentProcess(scene, options);
  const after = await third.until((status) => status.certificates[0]?.state === 'valid');
  assert.equal(after.certificates[0]!.fingerprint, before.certificates[0]!.fingerprint);
  assert.equal(await third.end('SIGTERM'), 0);
  assert.doesNotMatch(first.log() + third.log(), /PRIVATE KEY/);
});
