import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { freePorts } from '../support/free-ports.ts';
import { runningPki } from '../support/running-pki.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { runCommand, runJson, type Surroundings } from './support/run-cli.ts';

test('what is refused, and how it is told', async (t) => {
  const pki = await runningPki(t);
  const other = await runningPki(t);
  const folder = await temporaryDirectory(t);
  const environment = { directory: pki.directory };
  const fails = async (args: readonly string[], surroundings: Surroundings = { environment }) => {
    const { code, json } = await runJson<{ code: string }>(args, surroundings);
    return [code, json.code];
  };

  await t.test('by the server: title, detail, field, advice and request id, or the problem itself', async () => {
    const args = ['create-certificate', '--service', 'veritas-backend', '--san-dns', 'ok.example', '--out', folder];
    const { code, stdout, stderr } = await runCommand(args, { environment });
    assert.deepEqual([code, stdout], [1, '']);
    const lines = stderr
      .trimEnd()
      .split('\n')
      .map((line) => line.trim().split(/ {2,}/));
    assert.match(lines[0]![0]!, /^error: The service may not hold this name: /);
    assert.deepEqual(
      lines.slice(1).map(([name]) => name),
      ['field', 'code', 'advice', 'request id'],
    );
    const { json } = await runJson<Record<string, unknown>>(args, { environment });
    assert.equal(json['type'], 'urn:vcc:pki:problem:rejectedIdentifier');
    assert.equal(json['status'], 403);
    assert.equal(typeof json['request_id'], 'string');
  });

  await t.test('not found is exit code 3', async () => {
    for (const args of [
      ['show', 'clara-backend'],
      ['show', 'cert_clara_backend_20200101_abcdef'],
      ['download', 'clara-backend'],
      ['renew', 'clara-backend', '--out', folder],
      ['revoke', 'clara-backend', '--reason', 'superseded', '--yes'],
      ['revoke', '--serial', 'ab:cd', '--reason', 'superseded', '--yes'],
    ]) {
      assert.deepEqual(await fails(args), [3, 'notFound'], args.join(' '));
    }
  });

  await t.test('a wrong command line is exit code 2', async () => {
    for (const args of [
      [],
      ['lst'],
      ['list', '--limit', '0'],
      ['list', 'superfluous'],
      ['show'],
      ['create-certificate'],
      ['create-certificate', '--service', '../etc'],
      ['create-certificate', '--service', 'a', '--key-type', 'DSA'],
      ['revoke', 'a', '--reason', 'certificateHold'],
      ['revoke', '--reason', 'superseded', '--yes'],
      ['revoke', 'a', '--serial', '01', '--reason', 'superseded', '--yes'],
      ['renew', 'a', '--keep-key', '--key-type', 'P-256'],
      ['audit', 'verify', '--known-head', 'x'],
      ['list', '--server', 'http://localhost:8080'],
    ]) {
      assert.deepEqual(await fails(args), [2, 'usage'], args.join(' '));
    }
  });

  await t.test('nobody there, a stranger, or one who speaks no TLS is exit code 4', async (t) => {
    const [free] = await freePorts(1);
    assert.deepEqual(await fails(['list', '--server', `https://localhost:${free}`]), [4, 'cannotConnect']);
    assert.deepEqual(await fails(['list', '--server', 'https://host.invalid']), [4, 'cannotConnect']);
    assert.deepEqual(await fails(['list', '--server', other.apiUrl]), [4, 'notTrusted']);
    const byAddress = ['list', '--server', `https://127.0.0.2:${pki.port}`];
    assert.equal((await fails(byAddress))[0], 4);
    const plain = createServer((_request, response) => response.end('hello')).listen(0, '127.0.0.1');
    t.after(() => plain.close());
    await once(plain, 'listening');
    const { port } = plain.address() as AddressInfo;
    assert.deepEqual(await fails(['list', '--server', `https://localhost:${port}`]), [4, 'cannotConnect']);
  });

  await t.test('a client certificate that is missing, expired, foreign or not that of its key', async () => {
    assert.deepEqual(await fails(['list', '--cert', '/nowhere']), [1, 'noClientCertificate']);
    assert.deepEqual(await fails(['list'], { environment: { directory: folder } }), [1, 'fileUnreadable']);
    const later = Date.now() + 3 * 366 * 86_400_000;
    assert.deepEqual(await fails(['list'], { environment, now: () => later }), [4, 'clientCertificateExpired']);
    const earlier = Date.now() - 86_400_000;
    assert.deepEqual(await fails(['list'], { environment, now: () => earlier }), [4, 'clientCertificateExpired']);
    const otherKey = join(other.directory, 'admin-cli/key.pem');
    assert.deepEqual(await fails(['list', '--key', otherKey]), [1, 'noClientCertificate']);
    const foreign = ['--cert', join(other.directory, 'admin-cli/fullchain.pem'), '--key', otherKey];
    const [code, problem] = await fails(['list', ...foreign]);
    assert.ok((code === 1 && problem === 'unauthorized') || (code === 4 && problem === 'clientCertificateRefused'));
  });

  await t.test('a service may not do what an administrator may', async () => {
    const veritas = await pki.issueFor('veritas-backend');
    const [cert, key] = [join(folder, 'veritas.pem'), join(folder, 'veritas-key.pem')];
    await writeFile(cert, veritas.cert);
    await writeFile(key, veritas.key);
    const identity = ['--cert', cert, '--key', key];
    assert.deepEqual(await fails(['audit', 'list', ...identity]), [1, 'forbidden']);
    const forAnother = ['create-certificate', '--service', 'covina-backend', '--out', folder, ...identity];
    assert.deepEqual(await fails(forAnother), [1, 'forbidden']);
    assert.deepEqual(
      await fails(['revoke', veritas.certificateId, '--reason', 'key_compromise', '--yes', ...identity]),
      [0, undefined],
    );
    assert.deepEqual(await fails(['list', ...identity]), [1, 'unauthorized']);
  });

  await t.test('--verbose tells what is sent and answered, and no secret', async () => {
    const { stderr, stdout } = await runCommand(['list', '--verbose'], { environment });
    assert.match(stderr, new RegExp(`^> GET ${pki.apiUrl}/api/v1/certificates/\\?limit=50\n< 200 \\(\\d+ bytes\\)\n$`));
    assert.doesNotMatch(stdout, /^[<>]/m);
  });
});
