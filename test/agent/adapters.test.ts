import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { allowService } from '../support/configure.ts';
import { freePorts } from '../support/free-ports.ts';
import type { Lifetime } from '../support/lifetime.ts';
import { sharedPki } from '../support/shared-pki.ts';
import { skipWithout } from '../support/system-program.ts';
import { agentHead, existingPair, startAgent, type TestAgent } from './support/agent-in-process.ts';
import { startHaproxy, startNginx, startPostgres } from './support/programs.ts';
import { openScene, type Scene } from './support/scene.ts';

const service = 'proxied';

const pki = sharedPki(() => ({ configure: allowService(service, 'max_certificates: 1000') }));

/** agent.yaml for one certificate that takes over a pair beside it; the proof is short, for signals that are sent once more. */
function configuration(output: string, endpoint: string): string {
  return `${agentHead(pki())}certificates:
  - name: web
    service_id: ${service}
    existing_cert_file: ${service}.pem
    existing_key_file: ${service}.key
    outputs:
      - ${output}
    proof: { registered_endpoints: false, timeout_seconds: 3, endpoints: [${endpoint}] }
`;
}

async function prepare(t: Lifetime): Promise<{ scene: Scene; folder: string; port: number }> {
  const scene = await openScene(t);
  const { folder } = scene;
  await existingPair(pki(), folder, service);
  const [port] = (await freePorts(1)) as [number];
  return { scene, folder, port };
}

/** Two renewals, each of which must come onto the wire. */
async function renewTwice(agent: TestAgent): Promise<void> {
  for (const _ of [1, 2]) {
    const fingerprint = await agent.renew();
    const { proof } = await agent.until(
      (one) => one.proof.state === 'proven' && one.proof.endpoints[0]?.served_fingerprint === fingerprint,
    );
    assert.equal(proof.endpoints[0]!.problem, null);
  }
}

test('nginx: starts after the agent, then serves each renewal', { skip: skipWithout('nginx') }, async (t) => {
  const { scene, folder, port } = await prepare(t);
  const output = '{ adapter: nginx, folder: tls, reload: { pid_file: nginx.pid } }';
  const agent = await startAgent(scene, folder, configuration(output, `{ address: "127.0.0.1:${port}" }`));
  // The files are there before nginx is, and that it does not run is told.
  const early = await agent.until(({ outputs, proof }) => outputs[0]!.error !== null && proof.state === 'unproven');
  assert.equal(early.outputs[0]!.error!.code, 'reloadFailed');
  assert.equal(early.outputs[0]!.written_fingerprint, early.fingerprint);
  await startNginx(scene, folder, { port, tlsFolder: join(folder, 'tls') });
  await agent.until(({ outputs, proof }) => outputs[0]!.error === null && proof.state === 'proven');
  await renewTwice(agent);
});

test('HAProxy: through its runtime API', { skip: skipWithout('haproxy') }, async (t) => {
  const { scene, folder, port } = await prepare(t);
  const socket = join(folder, 'haproxy.sock');
  const output = '{ adapter: haproxy, folder: tls, reload: { haproxy_socket: haproxy.sock } }';
  const agent = await startAgent(scene, folder, configuration(output, `{ address: "127.0.0.1:${port}" }`));
  await agent.until(({ outputs }) => outputs[0]!.written_fingerprint !== null);
  await startHaproxy(scene, folder, { port, socket, certificate: join(folder, 'tls', 'combined.pem') });
  await agent.until(({ proof }) => proof.state === 'proven');
  await renewTwice(agent);
});

test('HAProxy: by a signal to its master', { skip: skipWithout('haproxy') }, async (t) => {
  const { scene, folder, port } = await prepare(t);
  const output = '{ adapter: haproxy, folder: tls, reload: { pid_file: haproxy.pid } }';
  const agent = await startAgent(scene, folder, configuration(output, `{ address: "127.0.0.1:${port}" }`));
  await agent.until(({ outputs }) => outputs[0]!.written_fingerprint !== null);
  const certificate = join(folder, 'tls', 'combined.pem');
  await startHaproxy(scene, folder, { port, socket: join(folder, 'haproxy.sock'), certificate });
  await agent.until(({ proof }) => proof.state === 'proven');
  await renewTwice(agent);
});

test('PostgreSQL: its own user owns the key, and TLS begins behind its SSLRequest', async (t) => {
  const { scene, folder, port } = await prepare(t);
  await chmod(folder, 0o755);
  const isRoot = process.geteuid?.() === 0;
  // Debian's numbers of nobody and nogroup: PostgreSQL does not run as root.
  const user = isRoot ? { uid: 65_534, gid: 65_534 } : { uid: process.getuid!(), gid: process.getgid!() };
  const owner = isRoot ? `owner: "${user.uid}", group: "${user.gid}", ` : '';
  const output = `{ adapter: postgresql, folder: tls, ${owner}reload: { pid_file: data/postmaster.pid } }`;
  const endpoint = `{ address: "127.0.0.1:${port}", protocol: postgresql }`;
  const agent = await startAgent(scene, folder, configuration(output, endpoint));
  await agent.until(({ outputs }) => outputs[0]!.written_fingerprint !== null);
  await startPostgres(scene, folder, { port, tlsFolder: join(folder, 'tls'), user });
  await agent.until(({ proof }) => proof.state === 'proven');
  await renewTwice(agent);
});

test('Envoy: SDS files that lead to files', async (t) => {
  const { scene, folder } = await prepare(t);
  const agent = await startAgent(
    scene,
    folder,
    configuration('{ adapter: envoy, folder: tls, secret_name: edge }', ''),
  );
  await agent.until(({ outputs }) => outputs[0]!.written_fingerprint !== null);
  const at = (name: string): string => join(folder, 'tls', name);
  const read = async (name: string): Promise<unknown> => JSON.parse(await readFile(at(name), 'utf8')) as unknown;
  // Members and nesting as in Envoy's api/envoy/extensions/transport_sockets/tls/v3/{secret,common}.proto.
  const type = 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret';
  const watched = { watched_directory: { path: join(folder, 'tls') } };
  const certificate = {
    certificate_chain: { filename: at('fullchain.pem') },
    private_key: { filename: at('key.pem') },
    ...watched,
  };
  assert.deepEqual(await read('sds-certificate.json'), {
    resources: [{ '@type': type, name: 'edge', tls_certificate: certificate }],
  });
  const validation = { trusted_ca: { filename: at('ca.pem') }, ...watched };
  assert.deepEqual(await read('sds-validation.json'), {
    resources: [{ '@type': type, name: 'edge-ca', validation_context: validation }],
  });
  const [leaf, ca] = [
    new X509Certificate(await readFile(at('fullchain.pem'))),
    new X509Certificate(await readFile(at('ca.pem'))),
  ];
  assert.ok(leaf.checkPrivateKey(createPrivateKey(await readFile(at('key.pem')))));
  assert.ok(ca.ca);
});
