import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { appendFile, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { platform } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Finding } from '../../apps/server/src/config/config-error.ts';
import { freePorts } from '../support/free-ports.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { runCommand, runJson } from './support/run-cli.ts';
import { spawnCli } from './support/spawn-cli.ts';

const passphrase = 'correct horse battery';

async function passphraseFile(folder: string, text = `${passphrase}\n`): Promise<string> {
  const path = join(folder, 'passphrase');
  await writeFile(path, text, { mode: 0o600 });
  return path;
}

test('npm start: a PKI for development from an empty folder, kept over a restart', async (t) => {
  const directory = join(await temporaryDirectory(t), 'pki');
  const [port, publicPort] = await freePorts(2);
  const env = { PKI_DIR: directory, PKI_PORT: String(port), PKI_PUBLIC_PORT: String(publicPort) };

  const first = spawnCli(['serve', '--development'], env, t);
  await first.until('/api/v1/certificates/veritas-backend\n');
  const root = new X509Certificate(await readFile(join(directory, 'root_ca.pem')));
  const fingerprint = root.fingerprint256.replaceAll(':', '').toLowerCase();
  assert.ok(first.stdout().includes(fingerprint));
  const next = first
    .stdout()
    .split('Next, in another terminal:\n')[1]!
    .trim()
    .split('\n')
    .map((line) => line.trim());
  assert.deepEqual(
    next.map((line) => line.split(' ').slice(0, 3).join(' ')),
    ['npx vcc-pki create-certificate', 'npx vcc-pki list', 'curl --cert certs/veritas-backend/fullchain.pem'],
  );
  assert.ok(!next[1]!.includes('--server'), 'the port that init wrote down need not be named');
  const health = await fetch(`http://localhost:${publicPort}/health`);
  assert.equal(health.status, 200);
  const list = await runJson<{ items: unknown[] }>(['list'], { environment: { directory } });
  assert.equal(list.code, 0);
  first.child.kill('SIGTERM');
  assert.equal(await first.ended(), 0);
  assert.match(first.stderr(), /^warning: the passphrase lies beside the keys/m);
  if (platform() !== 'win32') {
    assert.equal((await stat(join(directory, 'development-passphrase'))).mode & 0o777, 0o600);
  }

  const second = spawnCli(['serve', '--development', '--json'], env, t);
  await second.until('\n}\n');
  const announced = JSON.parse(second.stdout()) as Record<string, string>;
  assert.equal(announced['root_fingerprint'], fingerprint);
  assert.equal(announced['api_url'], `https://localhost:${port}`);

  const third = spawnCli(['serve', '--development'], env, t);
  assert.equal(await third.ended(), 1);
  assert.match(third.stderr(), /^error: .* is in use/m);
  second.child.kill('SIGINT');
  assert.equal(await second.ended(), 0);
});

test('init', async (t) => {
  const folder = await temporaryDirectory(t);
  const directory = join(folder, 'pki');
  const init = ['init', '--dir', directory];

  await t.test('--dry-run makes nothing and asks nothing', async () => {
    const { code, json } = await runJson<{ dry_run: boolean; dnsNames: string[] }>([
      ...init,
      ...['--dry-run', '--dns-name', 'pki.vcc.local,pki'],
    ]);
    assert.deepEqual([code, json.dry_run, json.dnsNames], [0, true, ['pki.vcc.local', 'pki']]);
    assert.deepEqual(await readdir(folder), []);
  });

  await t.test('asks for the passphrase twice, and for a good one', async () => {
    for (const [typed, code] of [
      [['too short'], 'badPassphrase'],
      [[passphrase, 'correct horse batterx'], 'badPassphrase'],
      [undefined, 'noTerminal'],
    ] as const) {
      const refused = await runJson<{ code: string }>(init, typed ? { typed } : {});
      assert.equal(refused.json.code, code);
    }
    const short = await passphraseFile(folder, 'short\n');
    assert.equal((await runCommand([...init, '--passphrase-file', short])).code, 1);
    const two = await passphraseFile(folder, 'two lines of text\nare not one\n');
    assert.equal((await runCommand([...init, '--passphrase-file', two])).code, 1);
  });

  await t.test('makes the hierarchy that was asked for, and says what to carry away', async () => {
    const subject = ['--organization', 'Test Org', '--country', 'AT', '--state', 'Tirol', '--locality', 'Innsbruck'];
    const names = ['--dns-name', 'pki.vcc.local', '--port', '9443', '--public-port', '9080'];
    const { code, stdout } = await runCommand([...init, ...subject, ...names], { typed: [passphrase, passphrase] });
    assert.equal(code, 0);
    const root = new X509Certificate(await readFile(join(directory, 'root_ca.pem')));
    assert.ok(stdout.includes(root.fingerprint256.replaceAll(':', '').toLowerCase()));
    assert.match(stdout, /^Carry away the folder root\//m);
    for (const part of ['C=AT', 'ST=Tirol', 'L=Innsbruck', 'O=Test Org']) assert.ok(root.subject.includes(part), part);
    const config = await readFile(join(directory, 'config/pki_config.yaml'), 'utf8');
    assert.match(config, /^ {2}port: 9443$/m);
    const server = new X509Certificate(await readFile(join(directory, 'server/pki_server_cert.pem')));
    assert.equal(server.checkHost('pki.vcc.local'), 'pki.vcc.local');
  });

  await t.test('never overwrites', async () => {
    const before = await readFile(join(directory, 'root_ca.pem'), 'utf8');
    const again = await runJson<{ code: string }>(init, { typed: [passphrase, passphrase] });
    assert.deepEqual([again.code, again.json.code], [1, 'alreadyInitialized']);
    assert.equal(await readFile(join(directory, 'root_ca.pem'), 'utf8'), before);
  });

  await t.test('serve opens it with the passphrase that was typed, and with no other', async () => {
    const serve = ['serve', '--dir', directory, '--port', '0', '--public-port', '0'];
    const wrong = await runJson<{ code: string }>(serve, { typed: ['another passphrase'] });
    assert.deepEqual([wrong.code, wrong.json.code], [1, 'badPassphrase']);
    const mute = await runJson<{ code: string }>(serve);
    assert.deepEqual([mute.code, mute.json.code], [2, 'noTerminal']);
    const occupied = createServer().listen(0, '0.0.0.0');
    t.after(() => occupied.close());
    await once(occupied, 'listening');
    const { port } = occupied.address() as AddressInfo;
    const taken = await runCommand(['serve', '--dir', directory, '--port', String(port), '--public-port', '0'], {
      typed: [passphrase],
    });
    assert.equal(taken.code, 1);
    assert.match(taken.stderr, new RegExp(`^error: the port ${port} is in use$`, 'm'));
    let stop: () => void = () => {};
    const stopped = new Promise<void>((resolve) => {
      stop = resolve;
    });
    const file = await passphraseFile(folder);
    const { code, stdout, stderr } = await runCommand(serve, {
      environment: { passphraseFile: file },
      stop: stopped,
      onStdout: () => stop(),
    });
    assert.equal(code, 0);
    assert.match(stdout, /--server https:\/\/pki\.vcc\.local:\d+ --service/, 'a port that is not configured is named');
    assert.match(stderr, /^warning: the key of the root lies beside the server/m);
  });

  await t.test('check-config tells every finding with its place', async () => {
    assert.equal((await runCommand(['check-config', '--dir', directory])).code, 0);
    await appendFile(join(directory, 'config/pki_config.yaml'), 'no_such_section: 1\n');
    await appendFile(join(directory, 'config/rotation_policy.yaml'), 'nor_this: 1\n');
    const check = ['check-config', '--dir', directory];
    const { code, json } = await runJson<{ code: string; findings: Finding[] }>(check);
    assert.deepEqual([code, json.code], [1, 'badConfiguration']);
    assert.deepEqual(
      json.findings.map((finding) => [finding.code, finding.path]),
      [
        ['unknownKey', 'no_such_section'],
        ['unknownKey', 'nor_this'],
      ],
    );
    const { stderr } = await runCommand(check);
    assert.match(stderr, /pki_config\.yaml:\d+:1 {2}no_such_section: /);
    for (const other of ['serve', 'list']) {
      const refused = await runJson<{ code: string }>([other, '--dir', directory], { typed: [passphrase] });
      assert.deepEqual([refused.code, refused.json.code], [1, 'badConfiguration'], other);
    }
  });
});

test('serve in a folder without a PKI says how to make one', async (t) => {
  const directory = await temporaryDirectory(t);
  const { code, stderr } = await runCommand(['serve', '--dir', directory]);
  assert.equal(code, 1);
  assert.match(stderr, /advice {2}Create it with "npx vcc-pki init --dir /);
  const bad = await runJson<{ code: string }>(['serve', '--dir', directory], { environment: { port: 'x' } });
  assert.deepEqual([bad.code, bad.json.code], [2, 'usage']);
});

test('a result that is piped into something that stops reading is no failure', async (t) => {
  const cli = spawnCli(['--help'], {}, t);
  cli.child.stdout!.destroy();
  assert.equal(await cli.ended(), 0);
});
