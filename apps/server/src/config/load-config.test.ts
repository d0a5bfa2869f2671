import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { createPolicy } from '../policy/index.ts';
import {
  ConfigError,
  defaultConfigFiles,
  type Finding,
  formatFinding,
  loadConfig,
  type PkiConfig,
  policyDefaults,
} from './index.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'pki-config-'));
  mkdirSync(join(directory, 'config'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** Loads a configuration of these texts; files that are not given are empty. */
async function load(general = '', whitelist = '', rotation = ''): Promise<PkiConfig> {
  const texts = { 'pki_config.yaml': general, 'service_whitelist.yaml': whitelist, 'rotation_policy.yaml': rotation };
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(directory, 'config', name), text);
  return loadConfig(directory);
}

/** What is wrong with a configuration, as `code file:line:column path`. */
async function findings(general = '', whitelist = '', rotation = ''): Promise<string[]> {
  return (await wrong(general, whitelist, rotation)).map(({ code, file, line, column, path }) => {
    return `${code} ${file.slice(join(directory, 'config').length + 1).replace('.yaml', '')}:${line}:${column} ${path}`;
  });
}

async function wrong(general: string, whitelist = '', rotation = ''): Promise<readonly Finding[]> {
  try {
    await load(general, whitelist, rotation);
  } catch (error) {
    if (error instanceof ConfigError) return error.findings;
    throw error;
  }
  return [];
}

test('the files that init writes say what holds without them', async () => {
  const empty = await load();
  for (const { name, text } of defaultConfigFiles()) writeFileSync(join(directory, 'config', name), text);
  const { whitelist, ...rest } = await loadConfig(directory);
  const { whitelist: nobody, ...defaults } = empty;
  assert.deepEqual(rest, defaults);
  assert.deepEqual(nobody, { services: [], patterns: [] });
  assert.equal(whitelist.services.length, 8);
});

test('the default whitelist lets the example request of the mission through', async () => {
  for (const { name, text } of defaultConfigFiles()) writeFileSync(join(directory, 'config', name), text);
  const config = await loadConfig(directory);
  const policy = createPolicy(config.whitelist, policyDefaults(config));
  const entry = policy.entryFor('veritas-backend');
  assert.ok(entry);
  const address = { type: 'iPAddress', value: Uint8Array.of(192, 168, 178, 94) } as const;
  policy.checkNames(entry, { commonName: 'veritas-backend.vcc.local', names: [{ field: 'san_ip[1]', name: address }] });
  assert.equal(entry.maxCertificates, 3);
  assert.ok(policy.entryFor('admin-cli')?.allowedOperations.has('admin'));
  assert.ok(!policy.entryFor('monitoring-service')?.allowedOperations.has('revoke'));
  assert.equal(policy.entryFor('test-1')?.matchedPattern, 'test-*');
});

test('every setting handed to defaultConfigFiles is in the file', async () => {
  const initial = {
    pki_server: { port: 9443, public_url: 'http://pki.example:80', dns_names: ['pki.example', 'localhost'] },
    root_ca: { organization: 'Any: "Name" #1' },
  };
  for (const { name, text } of defaultConfigFiles(initial)) writeFileSync(join(directory, 'config', name), text);
  const { pkiServer, rootCa } = await loadConfig(directory);
  assert.deepEqual([pkiServer.port, pkiServer.publicUrl], [9443, 'http://pki.example:80']);
  assert.deepEqual(pkiServer.dnsNames, ['pki.example', 'localhost']);
  assert.equal(rootCa.organization, 'Any: "Name" #1');
});

test('a sparse file changes what it names and nothing else', async () => {
  const { pkiServer, security } = await load('pki_server:\n  port: 9443\nsecurity:\n');
  assert.deepEqual([pkiServer.port, pkiServer.publicPort, pkiServer.metricsPort], [9443, 8080, undefined]);
  assert.equal(security.crlValidityHours, 24);
  assert.equal(pkiServer.publicUrl, 'http://localhost:8080');
});

test('paths are relative to the PKI directory; a database URL stays as it is', async () => {
  const paths = await load('pki_server:\n  ssl_cert: a/b.pem\n  ssl_key: /abs/key.pem\n  database: x.db');
  assert.equal(paths.pkiServer.sslCert, join(directory, 'a/b.pem'));
  assert.equal(paths.pkiServer.sslKey, '/abs/key.pem');
  assert.equal(paths.pkiServer.database, join(directory, 'x.db'));
  assert.equal(paths.rootCa.keyFile, join(directory, 'root/root_ca_key.pem'));
  const url = await load('pki_server:\n  database: postgres://u:p@h/db');
  assert.equal(url.pkiServer.database, 'postgres://u:p@h/db');
});

test('overrides win over the file and are checked with it', async () => {
  await load('pki_server:\n  port: 1000\n  public_port: 1001');
  const { pkiServer } = await loadConfig(directory, { port: 2000 });
  assert.deepEqual([pkiServer.port, pkiServer.publicPort], [2000, 1001]);
  assert.equal((await loadConfig(directory, { publicPort: 3000 })).pkiServer.publicUrl, 'http://localhost:3000');
  assert.equal((await loadConfig(directory, { port: 0, publicPort: 0 })).pkiServer.port, 0);
  await assert.rejects(loadConfig(directory, { port: 1001 }), ConfigError);
});

test('all findings of all files come at once, each with its place', async () => {
  const general = `pki_server:
  port: 70000
  prot: 1
  ssl_enabled: false
  log_level: loud
  dns_names: [localhost, Bad_Name]
service_certificates: 5
rot: {}
`;
  const whitelist = `services:
  - service_id: Bad
    allowed_operations: [request, fly]
    allowed_ips: [10.0.0.1/8]
  - allowed_operations: []
`;
  assert.deepEqual(await findings(general, whitelist, 'rotation_policy:\n  max_retries: 1.5'), [
    'badValue pki_config:2:9 pki_server.port',
    'unknownKey pki_config:3:3 pki_server.prot',
    'badValue pki_config:4:16 pki_server.ssl_enabled',
    'badValue pki_config:5:14 pki_server.log_level',
    'badValue pki_config:6:26 pki_server.dns_names[1]',
    'badValue pki_config:7:23 service_certificates',
    'unknownKey pki_config:8:1 rot',
    'badValue service_whitelist:2:17 services[0].service_id',
    'badValue service_whitelist:3:35 services[0].allowed_operations[1]',
    'badValue service_whitelist:4:19 services[0].allowed_ips[0]',
    'missingKey service_whitelist:5:5 services[1].service_id',
    'badValue rotation_policy:2:16 rotation_policy.max_retries',
  ]);
});

test("the server's own names are names, not patterns, and the policy takes them", async () => {
  for (const bad of ['"*.vcc.local"', '"{service_id}"', '1.2.3.4', 'PKI', 'pki.']) {
    assert.deepEqual(
      await findings(`pki_server:\n  dns_names: [${bad}]`),
      ['badValue pki_config:2:15 pki_server.dns_names[0]'],
      bad,
    );
  }
  for (const bad of ['10.0.0.0/8', '"::ffff:10.0.0.1"', '10.0.0.256', 'localhost']) {
    assert.deepEqual(
      await findings(`pki_server:\n  ip_addresses: [${bad}]`),
      ['badValue pki_config:2:18 pki_server.ip_addresses[0]'],
      bad,
    );
  }
});

test('a finding says what was found, what is allowed, and what was probably meant', async () => {
  const [unknown] = await wrong('\n\nservice_certificates:\n  default_validty_days: 365');
  assert.match(
    formatFinding(unknown!),
    /config.pki_config\.yaml:4:3 {2}service_certificates\.default_validty_days: unknown key; did you mean default_validity_days\? Allowed here: default_validity_days, /,
  );
  const [value] = await wrong('pki_server:\n  port: "8443"');
  assert.match(value!.message, /found "8443"; allowed: a whole number from 1 to 65535/);
  const [https] = await wrong('pki_server:\n  public_url: https://pki');
  assert.match(https!.message, /RFC 5280 s8/);
  const [secret] = await wrong('pki_server:\n  database: mysql://user:hunter2@host/db');
  assert.doesNotMatch(secret!.message, /hunter2/);
});

test('keys that stand twice, broken YAML, aliases, tags and two documents are refused', async () => {
  assert.deepEqual(await findings('pki_server:\n  port: 1\n  port: 2'), [
    'duplicateKey pki_config:3:3 pki_server.port',
  ]);
  const twice = 'services:\n  - service_id: a\n    allowed_operations: []\n    service_id: b';
  assert.deepEqual(await findings('', twice), ['duplicateKey service_whitelist:4:5 services[0].service_id']);
  for (const text of [
    'a: [',
    'pki_server: &x {}\nroot_ca: *x',
    'pki_server: !!set {}',
    'pki_server: !foo {}',
    '{}\n---\n{}',
    '? [a]\n: b',
    '\tport: 1',
    '[]',
    'text',
  ]) {
    assert.ok((await findings(text)).length > 0, JSON.stringify(text));
  }
});

test('hostile files are refused fast', async () => {
  const hostile = [
    '['.repeat(100_000),
    '{a: '.repeat(50_000),
    '- '.repeat(50_000),
    `a: ${'x'.repeat(900_000)}`,
    'a: &a [1]\n'.concat('b: [*a, *a]\n'.repeat(1000)),
  ];
  for (const text of hostile) {
    // Processor time: a machine that is busy with something else does not make a file hostile.
    const start = process.cpuUsage();
    assert.ok((await findings(text)).length > 0);
    const { user, system } = process.cpuUsage(start);
    assert.ok(user + system < 5_000_000, text.slice(0, 10));
  }
  assert.deepEqual(await findings('#'.repeat(1024 * 1024 + 1)), ['tooLarge pki_config:1:1 ']);
});

test('names of Object.prototype are unknown keys like any others', async () => {
  for (const key of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
    assert.deepEqual(await findings(`${key}: {}`), [`unknownKey pki_config:1:1 ${key}`], key);
    assert.deepEqual(await findings(`pki_server:\n  ${key}: 1`), [`unknownKey pki_config:2:3 pki_server.${key}`], key);
  }
});

test('a missing file is a finding, not a default', async () => {
  await load();
  rmSync(join(directory, 'config/service_whitelist.yaml'));
  await assert.rejects(loadConfig(directory), (error: unknown) => {
    return error instanceof ConfigError && error.findings.length === 1 && error.findings[0]?.code === 'missingFile';
  });
});

test('a setting that two files have is one setting', async () => {
  const rotation = 'rotation_policy:\n  check_interval_hours: 12\n  renew_before_expiry_days: 10';
  assert.equal((await load('', '', rotation)).rotation.checkIntervalHours, 12);
  assert.equal((await load('', '', rotation)).rotation.renewBeforeExpiryDays, 10);
  const general = 'rotation:\n  check_interval_hours: 12\nservice_certificates:\n  renew_before_days: 10';
  const { rotation: merged } = await load(general);
  assert.deepEqual([merged.checkIntervalHours, merged.renewBeforeExpiryDays, merged.maxRetries], [12, 10, 3]);
  assert.deepEqual(await findings(general, '', rotation), []);
  assert.deepEqual(await findings(general, '', rotation.replace('12', '13').replace('10', '11')), [
    'conflict rotation_policy:2:25 rotation_policy.check_interval_hours',
    'conflict rotation_policy:3:29 rotation_policy.renew_before_expiry_days',
  ]);
});

test('limits that contradict each other are refused', async () => {
  const cases: [general: string, path: string][] = [
    ['pki_server:\n  port: 8080', 'pki_server.public_port'],
    ['pki_server:\n  metrics_port: 8443', 'pki_server.metrics_port'],
    ['intermediate_ca:\n  validity_years: 11', 'intermediate_ca.validity_years'],
    ['intermediate_ca:\n  renew_before_months: 60', 'intermediate_ca.renew_before_months'],
    ['service_certificates:\n  max_validity_days: 3000', 'service_certificates.max_validity_days'],
    ['service_certificates:\n  max_validity_days: 300', 'service_certificates.default_validity_days'],
    ['service_certificates:\n  default_validity_days: 30', 'service_certificates.default_validity_days'],
    ['service_certificates:\n  allowed_key_types: [P-384]', 'service_certificates.default_key_type'],
    ['service_certificates:\n  default_key_size: 3072', 'service_certificates.default_key_size'],
    ['security:\n  rate_limit_certs_per_hour: 5001', 'security.rate_limit_certs_per_hour'],
    ['security:\n  crl_validity_hours: 6', 'security.crl_validity_hours'],
  ];
  for (const [general, path] of cases) {
    assert.deepEqual(
      (await wrong(general)).map((finding) => [finding.code, finding.path]),
      [['conflict', path]],
      general,
    );
  }
});

test('whitelist entries are checked against each other and against the general limits', async () => {
  const whitelist = `services:
  - { service_id: a, allowed_operations: [], max_validity_days: 366, rate_limit_certs_per_hour: 5001, key_types: [ML-DSA-65] }
  - { service_id: a, allowed_operations: [] }
patterns:
  - { pattern: "a-*", allowed_operations: [] }
  - { pattern: "a-*", allowed_operations: [] }
`;
  assert.deepEqual(
    (await wrong('', whitelist)).map(({ path }) => path),
    [
      'services[0].max_validity_days',
      'services[0].rate_limit_certs_per_hour',
      'services[0].key_types',
      'services[1].service_id',
      'patterns[1].pattern',
    ],
  );
});

test('whatever the whitelist accepts, the policy compiles', async () => {
  const config = await load(
    '',
    `services:
  - service_id: a
    allowed_operations: [request]
    allowed_dns: ["{service_id}.x", "*.{service_id}.y"]
    allowed_ips: ["::/0", 10.0.0.0/8]
    allowed_uris: ["urn:x:{service_id}", "https://h/{service_id}/*"]
`,
  );
  assert.ok(createPolicy(config.whitelist, policyDefaults(config)).entryFor('a'));
});
