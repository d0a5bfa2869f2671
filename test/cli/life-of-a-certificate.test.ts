import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { platform } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import type {
  AuditEntryResource,
  CaCertificatesResource,
  CertificateResource,
  CertificateSummary,
  CrlResource,
  RevocationResource,
} from '@vcc-pki/api';
import { runProgram } from '../support/run-program.ts';
import { runningPki } from '../support/running-pki.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { runCommand, runJson } from './support/run-cli.ts';

interface Listing<Item> {
  readonly items: readonly Item[];
  readonly complete: boolean;
}

test('the life of a certificate, from the command line', async (t) => {
  const pki = await runningPki(t);
  const out = await temporaryDirectory(t);
  const folder = join(out, 'veritas-backend');
  const environment = { directory: pki.directory };
  const run = (...args: string[]) => runCommand(args, { environment });
  const json = <T>(...args: string[]) => runJson<T>(args, { environment });
  const pem = async (name: string) => readFile(join(folder, name), 'utf8');

  await t.test('create-certificate makes a key and files that openssl accepts', async () => {
    const names = ['--san-dns', 'veritas-backend.vcc.local,localhost', '--san-ip', '127.0.0.1'];
    const made = await json<{ certificate: CertificateResource; files: Record<string, string>; resumed: boolean }>(
      ...['create-certificate', '--service', 'veritas-backend', '--out', out, '--validity', '90'],
      ...names,
      ...['--metadata', 'owner=VERITAS Team'],
    );
    assert.equal(made.code, 0);
    assert.deepEqual(Object.keys(made.json.files).sort(), ['cert', 'fullchain', 'key', 'metadata', 'rootCa']);
    assert.equal(made.json.resumed, false);
    const leaf = new X509Certificate(await pem('cert.pem'));
    assert.equal(leaf.checkHost('veritas-backend.vcc.local'), 'veritas-backend.vcc.local');
    assert.equal(leaf.checkIP('127.0.0.1'), '127.0.0.1');
    assert.equal(Math.round((leaf.validToDate.getTime() - leaf.validFromDate.getTime()) / 86_400_000), 90);
    const metadata = JSON.parse(await pem('metadata.json'));
    assert.equal(metadata.certificate_id, made.json.certificate.certificate_id);
    assert.deepEqual(metadata.metadata, { owner: 'VERITAS Team' });
    assert.equal(metadata.server, pki.apiUrl);
    assert.equal(metadata.certificate_pem, undefined);
    if (platform() !== 'win32') assert.equal((await stat(join(folder, 'key.pem'))).mode & 0o777, 0o600);
    const verdict = await runProgram('openssl', [
      ...['verify', '-x509_strict', '-CAfile', join(folder, 'root-ca.pem')],
      ...['-untrusted', join(folder, 'fullchain.pem'), join(folder, 'cert.pem')],
    ]);
    assert.equal(verdict.code, 0, verdict.stderr);
  });

  await t.test('the files serve as the identity of the service', async () => {
    const identity = ['--cert', join(folder, 'fullchain.pem'), '--key', join(folder, 'key.pem')];
    const { code, json: listing } = await json<Listing<CertificateSummary>>('list', ...identity);
    assert.equal(code, 0);
    assert.deepEqual([...new Set(listing.items.map((item) => item.service_name))], ['veritas-backend']);
  });

  await t.test('list filters, pages, and says whether that was all', async () => {
    const all = await json<Listing<CertificateSummary>>('list');
    assert.equal(all.json.complete, true);
    assert.ok(all.json.items.length >= 3);
    const one = await json<Listing<CertificateSummary>>('list', '--limit', '1');
    assert.deepEqual([one.json.items.length, one.json.complete], [1, false]);
    const soon = await json<Listing<CertificateSummary>>(
      'list',
      '--expiring-within-days',
      '91',
      '--service',
      'veritas-backend',
    );
    assert.equal(soon.json.items.length, 1);
    const named = await json<Listing<CertificateSummary>>('list', '--name', 'veritas-backend.vcc.local');
    assert.equal(named.json.items.length, 1);
    const none = await run('list', '--service', 'clara-backend');
    assert.deepEqual([none.code, none.stdout], [0, 'no certificates\n']);
    const table = await run('list', '--all');
    assert.match(table.stdout, /^CERTIFICATE ID +SERVICE +COMMON NAME +STATUS +EXPIRES +SERIAL NUMBER$/m);
    assert.equal(table.stdout.trim().split('\n').length, 1 + all.json.items.length);
  });

  await t.test('show takes a service id and a certificate id', async () => {
    const byService = await json<CertificateResource>('show', 'veritas-backend');
    const byId = await json<CertificateResource>('show', byService.json.certificate_id);
    assert.deepEqual(byId.json, byService.json);
    const text = await run('show', 'veritas-backend');
    assert.match(text.stdout, /^names +DNS:veritas-backend\.vcc\.local, DNS:localhost, .*IP:127\.0\.0\.1/m);
  });

  await t.test('download gives every format and part', async () => {
    const leaf = new X509Certificate(await pem('cert.pem'));
    assert.equal((await run('download', 'veritas-backend')).stdout, await pem('fullchain.pem'));
    const der = join(out, 'leaf.cer');
    const file = await json<{ file: string; bytes: number }>(
      'download',
      'veritas-backend',
      '--format',
      'der',
      '--out',
      der,
    );
    assert.deepEqual(file.json, { file: der, bytes: leaf.raw.length });
    assert.deepEqual(await readFile(der), leaf.raw);
    const p7b = join(out, 'chain.p7b');
    assert.equal(
      (await run('download', 'veritas-backend', '--format', 'pkcs7', '--part', 'chain', '--out', p7b)).code,
      0,
    );
    const printed = await runProgram('openssl', ['pkcs7', '-inform', 'der', '-in', p7b, '-print_certs', '-noout']);
    assert.match(printed.stdout, /Intermediate/);
    const binary = await json<{ code: string }>('download', 'veritas-backend', '--format', 'der');
    assert.deepEqual([binary.code, binary.json.code], [2, 'usage']);
  });

  const first = await pem('key.pem');
  const { json: before } = await json<CertificateResource>('show', 'veritas-backend');

  await t.test('renew makes a new key, keeps the pair before, and both certificates are valid', async () => {
    const renewed = await json<{ certificate: CertificateResource; kept_previous: boolean }>(
      ...['renew', 'veritas-backend', '--out', out, '--key-type', 'Ed25519'],
    );
    assert.equal(renewed.code, 0);
    assert.equal(renewed.json.kept_previous, true);
    assert.equal(renewed.json.certificate.replaces, before.certificate_id);
    assert.equal(renewed.json.certificate.key_type, 'Ed25519');
    assert.deepEqual(renewed.json.certificate.san_dns, before.san_dns);
    assert.notEqual(await pem('key.pem'), first);
    assert.equal(await pem('previous/key.pem'), first);
    assert.equal((await json<CertificateResource>('show', before.certificate_id)).json.status, 'active');
  });

  await t.test('renew can keep the key', async () => {
    const key = await pem('key.pem');
    assert.equal((await run('renew', 'veritas-backend', '--out', out, '--keep-key')).code, 0);
    assert.equal(await pem('key.pem'), key);
  });

  await t.test('revoke shows first and asks', async () => {
    const dry = await json<{ dry_run: boolean; certificate_id: string; reason: string }>(
      ...['revoke', '--serial', before.serial_number_decimal, '--reason', 'key_compromise', '--dry-run'],
    );
    assert.deepEqual(
      [dry.json.dry_run, dry.json.certificate_id, dry.json.reason],
      [true, before.certificate_id, 'keyCompromise'],
    );
    const command = ['revoke', before.certificate_id, '--reason', 'superseded'];
    const declined = await runCommand(command, { environment, typed: ['n'] });
    assert.equal(declined.code, 1);
    assert.match(declined.stderr, new RegExp(before.certificate_id));
    assert.equal((await json<CertificateResource>('show', before.certificate_id)).json.status, 'active');
    const mute = await json<{ code: string }>(...command);
    assert.deepEqual([mute.code, mute.json.code], [2, 'noTerminal']);
    const accepted = await runCommand(command, { environment, typed: ['yes'] });
    assert.equal(accepted.code, 0);
    assert.equal((await json<CertificateResource>('show', before.certificate_id)).json.status, 'revoked');
  });

  await t.test('revoke by serial number, with colons as openssl prints it', async () => {
    const { json: current } = await json<CertificateResource>('show', 'veritas-backend');
    const serial = current.serial_number.toUpperCase().match(/../g)!.join(':');
    const revoked = await json<RevocationResource>(
      ...['revoke', '--serial', serial, '--reason', 'cessationOfOperation', '--comment', 'end of test', '--yes'],
    );
    assert.deepEqual([revoked.code, revoked.json.certificate_id], [0, current.certificate_id]);
    const again = await json<{ code: string }>(
      ...['revoke', current.certificate_id, '--reason', 'superseded', '--yes'],
    );
    assert.deepEqual([again.code, again.json.code], [1, 'alreadyRevoked']);
  });

  await t.test('crl show has the entries, and writes a list that openssl reads', async () => {
    const files = ['--pem', join(out, 'crl.pem'), '--der', join(out, 'crl.der')];
    const nobody = ['--cert', '/nowhere', '--key', '/nowhere'];
    const crl = await json<CrlResource>('crl', 'show', ...files, ...nobody);
    assert.equal(crl.code, 0);
    assert.ok(
      crl.json.entries.some((entry) => entry.serial_number === before.serial_number && entry.reason === 'superseded'),
    );
    const printed = await runProgram('openssl', ['crl', '-in', join(out, 'crl.pem'), '-noout', '-text']);
    assert.ok(printed.stdout.includes(before.serial_number.toUpperCase()));
    const text = await run('crl', 'show');
    assert.match(text.stdout, new RegExp(`^${before.serial_number} .* superseded`, 'm'));
  });

  await t.test('audit list tells it all, and audit verify finds the chain unbroken', async () => {
    const revocations = await json<Listing<AuditEntryResource>>(
      'audit',
      'list',
      '--action',
      'revoke',
      '--since',
      '2020-01-01',
    );
    assert.equal(revocations.json.items.filter((entry) => entry.status === 'success').length, 2);
    const about = await json<Listing<AuditEntryResource>>('audit', 'list', '--certificate', before.certificate_id);
    assert.ok(about.json.items.length >= 3);
    const text = await run('audit', 'list', '--limit', '2');
    assert.equal(text.stdout.trim().split('\n').length, 3);
    const verdict = await json<{ ok: boolean; entries: number; head: string }>('audit', 'verify');
    assert.deepEqual([verdict.code, verdict.json.ok], [0, true]);
    assert.equal((await run('download', 'admin-cli')).code, 0);
    const later = await json<{ entries: number }>('audit', 'verify', '--known-head', verdict.json.head);
    assert.equal(later.code, 0);
    assert.ok(later.json.entries > verdict.json.entries);
    const forged = await json<{ code: string }>('audit', 'verify', '--known-head', `3:${'0'.repeat(64)}`);
    assert.deepEqual([forged.code, forged.json.code], [1, 'auditBroken']);
  });

  await t.test('audit verify finds an entry that somebody changed in the database', async () => {
    const database = new DatabaseSync(join(pki.directory, 'database/pki_server.db'));
    database.exec("update audit_log set status = 'refused' where id = 5");
    database.close();
    const broken = await json<{ code: string; detail: string }>('audit', 'verify');
    assert.deepEqual([broken.code, broken.json.code], [1, 'auditBroken']);
    assert.match(broken.json.detail, /entry 5 \(changed\)/);
  });

  await t.test('ca info needs no client certificate, nor a root when the fingerprint is known', async () => {
    const root = new X509Certificate(pki.rootPem);
    const { json: info } = await json<CaCertificatesResource>('ca', 'info', '--cert', '/nowhere');
    const fingerprint = root.fingerprint256;
    assert.equal(info.items[0]?.fingerprint_sha256, fingerprint.replaceAll(':', '').toLowerCase());
    const fetched = join(out, 'fetched.pem');
    const pinned = ['ca', 'info', '--server', pki.apiUrl, '--fingerprint', fingerprint, '--out', fetched];
    assert.equal((await runCommand(pinned)).code, 0);
    assert.deepEqual(new X509Certificate(await readFile(fetched)).raw, root.raw);
    const wrong = await runJson<{ code: string }>([
      'ca',
      'info',
      '--server',
      pki.apiUrl,
      '--fingerprint',
      '0'.repeat(64),
    ]);
    assert.deepEqual([wrong.code, wrong.json.code], [4, 'notTrusted']);
  });

  await t.test('the administrator renews its own certificate where init put it', async () => {
    const renewed = await run('renew', 'admin-cli', '--out', pki.directory);
    assert.equal(renewed.code, 0, renewed.stderr);
    assert.equal((await run('list', '--limit', '1')).code, 0);
  });
});
