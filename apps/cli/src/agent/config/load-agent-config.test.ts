import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { ConfigError } from '@vcc-pki/server/config-file';
import type { AgentConfig } from './agent-config.ts';
import { loadAgentConfig } from './load-agent-config.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'agent-config-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const head = `pki_server:
  url: https://pki.vcc.local:8443
  root_ca_file: root_ca.pem
state_dir: state
`;

async function load(text: string): Promise<AgentConfig> {
  writeFileSync(join(folder, 'agent.yaml'), text);
  return loadAgentConfig(join(folder, 'agent.yaml'));
}

/** What is wrong, as `code line:column path`. */
async function findings(text: string): Promise<string[]> {
  try {
    await load(text);
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.findings.map(({ code, line, column, path }) => `${code} ${line}:${column} ${path}`);
  }
  return [];
}

test('adapters fill in files and reloads, and paths lead from the folder of the file', async () => {
  const { certificates, stateDir, rootCaFile } = await load(`${head}certificates:
  - name: web
    service_id: veritas-backend
    outputs:
      - { adapter: nginx, folder: tls/nginx }
      - { adapter: haproxy, folder: tls/haproxy, reload: { haproxy_socket: haproxy.sock, timeout_seconds: 5 } }
      - { adapter: postgresql, folder: tls/pg, reload: { pid_file: /var/lib/pg/postmaster.pid } }
      - { adapter: envoy, folder: tls/envoy, secret_name: edge }
      - { folder: tls/plain, key_mode: "0640", files: { key: my.key, fullchain: my.crt } }
    proof:
      endpoints:
        - { address: "[::1]:8443", server_name: web.vcc.local }
        - { address: 127.0.0.1:5432, protocol: postgresql }
`);
  assert.equal(stateDir, join(folder, 'state'));
  assert.equal(rootCaFile, join(folder, 'root_ca.pem'));
  const [nginx, haproxy, postgresql, envoy, plain] = certificates[0]!.outputs;
  assert.deepEqual(nginx!.reload, { kind: 'signal', signal: 'SIGHUP', pidFile: '/run/nginx.pid' });
  assert.deepEqual(nginx!.files, { fullchain: 'fullchain.pem', key: 'key.pem', ca: 'ca.pem' });
  assert.deepEqual(haproxy!.reload, {
    kind: 'haproxyRuntime',
    socket: join(folder, 'haproxy.sock'),
    certificateFile: join(folder, 'tls/haproxy/combined.pem'),
    timeoutMs: 5000,
  });
  assert.deepEqual(postgresql!.reload, { kind: 'signal', signal: 'SIGHUP', pidFile: '/var/lib/pg/postmaster.pid' });
  assert.equal(envoy!.secretName, 'edge');
  assert.equal(envoy!.files.sdsCertificate, 'sds-certificate.json');
  assert.equal(envoy!.reload, undefined);
  assert.deepEqual(plain!.files, { key: 'my.key', fullchain: 'my.crt' });
  assert.deepEqual([plain!.keyMode, plain!.certMode], [0o640, 0o644]);
  assert.deepEqual(certificates[0]!.proof.endpoints, [
    { host: '::1', port: 8443, serverName: 'web.vcc.local', protocol: 'tls' },
    { host: '127.0.0.1', port: 5432, serverName: undefined, protocol: 'postgresql' },
  ]);
});

test('every mistake is told with its place', async () => {
  const text = `${head}metrics_prot: 9464
certificates:
  - name: Web
    service_id: veritas-backend
    validity_days: 0
    outputs:
      - { folder: a, key_mode: "0666", adapter: apache }
      - { folder: b, key_mode: 0600 }
      - { folder: c, files: { key: ../key.pem } }
`;
  assert.deepEqual(await findings(text), [
    'unknownKey 5:1 metrics_prot',
    'badValue 7:11 certificates[0].name',
    'badValue 9:20 certificates[0].validity_days',
    'badValue 11:49 certificates[0].outputs[0].adapter',
    'badValue 11:32 certificates[0].outputs[0].key_mode',
    'badValue 12:32 certificates[0].outputs[1].key_mode',
    'badValue 13:36 certificates[0].outputs[2].files.key',
  ]);
});

const conflicts: readonly [what: string, entry: string, finding: string][] = [
  ['a certificate without its key', 'existing_cert_file: a.pem', 'conflict 8:25 certificates[0].existing_cert_file'],
  ['two lengths', 'validity_days: 1\n    validity_hours: 2', 'conflict 9:21 certificates[0].validity_hours'],
  [
    'two reloads',
    'outputs: [{ folder: a, reload: { command: [/bin/true], signal: SIGHUP, pid_file: p } }]',
    'conflict 8:36 certificates[0].outputs[0].reload',
  ],
  [
    'a command by its name alone',
    'outputs: [{ folder: a, reload: { command: [nginx, -s, reload] } }]',
    'conflict 8:47 certificates[0].outputs[0].reload.command',
  ],
  [
    'a signal to nobody',
    'outputs: [{ folder: a, reload: { signal: SIGHUP } }]',
    'conflict 8:46 certificates[0].outputs[0].reload.signal',
  ],
  ['a folder twice', 'outputs: [{ folder: a }, { folder: ./a }]', 'conflict 8:40 certificates[0].outputs[1].folder'],
  ['a folder in the state folder', 'outputs: [{ folder: state/a }]', 'conflict 8:25 certificates[0].outputs[0].folder'],
  [
    'a name of two files',
    'outputs: [{ folder: a, files: { key: x, cert: x } }]',
    'conflict 8:35 certificates[0].outputs[0].files',
  ],
  [
    'a port that is none',
    'proof: { endpoints: [{ address: "localhost:70000" }] }',
    'conflict 8:37 certificates[0].proof.endpoints[0].address',
  ],
];

for (const [what, entry, finding] of conflicts) {
  test(`refuses ${what}`, async () => {
    const text = `${head}certificates:\n  - name: web\n    service_id: web\n    ${entry}\n`;
    assert.deepEqual(await findings(text), [finding]);
  });
}

test('without a root file, the token must say which root to trust', async () => {
  const text = `pki_server: { url: "https://pki.vcc.local:8443" }\nstate_dir: s\ncertificates:\n  - name: web\n    service_id: web\n`;
  assert.deepEqual(await findings(text), ['conflict 4:11 certificates[0].name']);
  assert.deepEqual(await findings(`${text}    enrolment_token_file: token\n`), []);
});

test('a file that is not there is a finding too', async () => {
  await assert.rejects(loadAgentConfig(join(folder, 'nothing.yaml')), (error: unknown) => {
    return error instanceof ConfigError && error.findings.length === 1 && error.findings[0]?.code === 'missingFile';
  });
});
