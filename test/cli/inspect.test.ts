import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { encodePem, parsePem } from '@vcc-pki/asn1';
import { parseCertificateList } from '@vcc-pki/x509';
import { exitCodes } from '../../apps/cli/src/exit-codes.ts';
import { now, TestCa } from '../../packages/x509/test/support/test-ca.ts';
import { publishedCrlsWith } from '../support/published-crls.ts';
import { runProgram } from '../support/run-program.ts';
import type { IssuedIdentity } from '../support/running-pki.ts';
import { newRequest } from '../support/running-pki.ts';
import { sharedPki } from '../support/shared-pki.ts';
import { skipWithout, systemProgram } from '../support/system-program.ts';
import { assertGolden } from './support/golden.ts';
import { type InspectDocument, inspectJson } from './support/inspect-json.ts';
import { runCommand } from './support/run-cli.ts';
import { withoutChance } from './support/without-chance.ts';

describe('vcc-pki inspect shows what a real PKI made', () => {
  const shared = sharedPki();
  let leaf: IssuedIdentity;
  const files = new Map<string, string>();
  const put = async (name: string, contents: string | Uint8Array): Promise<void> => {
    const path = join(shared().directory, name);
    await writeFile(path, contents);
    files.set(name, path);
  };

  before(async () => {
    const pki = shared();
    leaf = await pki.issueFor('veritas-backend', { body: { san_dns: ['localhost'], san_ip: ['127.0.0.1'] } });
    const body = { reason: 'key_compromise' };
    await pki.call('DELETE', `/api/v1/certificates/${leaf.certificateId}/revoke`, { body });
    const serialNumber = new X509Certificate(leaf.certificatePem).serialNumber.toLowerCase();
    const crls = await publishedCrlsWith(pki, serialNumber);
    await put('fullchain.pem', leaf.cert);
    await put('leaf.cer', parsePem(leaf.certificatePem)[0]!.der);
    await put('intermediate.crl', crls.intermediate);
    await put('request.csr', (await newRequest()).csr);
  });

  test('a certificate as Node and the CA have it, by a parser of their own', async () => {
    const { code, json } = await inspectJson([files.get('leaf.cer')!]);
    const theirs = new X509Certificate(leaf.certificatePem);
    const [item] = json.items;
    assert.equal(code, exitCodes.ok);
    assert.equal(json.items.length, 1);
    assert.equal(item?.['serial_number'], theirs.serialNumber.toLowerCase());
    assert.equal(item?.['serial_number_decimal'], BigInt(`0x${theirs.serialNumber}`).toString());
    assert.equal(item?.['fingerprint_sha256'], theirs.fingerprint256.replaceAll(':', '').toLowerCase());
    assert.equal(item?.['fingerprint_sha1'], theirs.fingerprint.replaceAll(':', '').toLowerCase());
    assert.equal(item?.['not_after'], theirs.validToDate.toISOString().replace('.000', ''));
    assert.equal(item?.['validity'], 'valid');
    assert.equal(item?.['self_signed'], false);
    assert.deepEqual(errorsOf(json), []);
    const names = item?.extensions?.find(({ name }) => name === 'subjectAltName')?.value;
    assert.deepEqual(
      [...(names as string[])].sort(),
      theirs
        .subjectAltName!.split(', ')
        .map((name) => name.replace('IP Address:', 'IP:'))
        .sort(),
    );
  });

  test('every certificate of a PEM file, in its order', async () => {
    const { json } = await inspectJson([files.get('fullchain.pem')!]);
    assert.deepEqual(
      json.items.map(({ kind, subject }) => [kind, `${subject}`.split(',')[0]]),
      [
        ['certificate', `${new X509Certificate(leaf.certificatePem).subject.split('\n').at(-1)}`],
        ['certificate', 'CN=VCC Intermediate CA'],
      ],
    );
  });

  test('a CRL with its entries, and no more of them than --limit', async () => {
    const path = files.get('intermediate.crl')!;
    const entries = [...parseCertificateList(await readFile(path)).entries()];
    const all = await inspectJson([path]);
    assert.equal(all.json.items[0]?.['entry_count'], entries.length);
    assert.equal(all.json.items[0]?.['complete'], true);
    assert.equal(all.json.items[0]?.entries?.[0]?.['reason'], 'keyCompromise');
    const none = await inspectJson([path, '--limit', '0']);
    assert.equal(none.json.items[0]?.['entry_count'], entries.length);
    assert.equal(none.json.items[0]?.['complete'], false);
    assert.deepEqual(none.json.items[0]?.entries, []);
  });

  test('what the house issues has no error, CAs and CRLs included', async () => {
    for (const path of [shared().rootFile, ...files.values()]) {
      const { code, json } = await inspectJson([path]);
      assert.equal(code, exitCodes.ok, path);
      assert.deepEqual(errorsOf(json), [], path);
    }
  });

  test('the same from standard input, in PEM and DER', async () => {
    const wanted = await inspectJson([files.get('leaf.cer')!]);
    for (const stdin of [leaf.certificatePem, await readFile(files.get('leaf.cer')!)]) {
      const { stdout } = await runCommand(['inspect', '-', '--json'], { stdin });
      assert.deepEqual(JSON.parse(stdout), wanted.json);
    }
  });

  test('an OCSP request that openssl made', { skip: skipWithout('openssl') }, async () => {
    const path = join(shared().directory, 'request.ocsp');
    const { code } = await runProgram(systemProgram('openssl'), [
      ...['ocsp', '-sha256', '-issuer', shared().intermediateFile, '-cert', files.get('fullchain.pem')!],
      ...['-reqout', path],
    ]);
    assert.equal(code, 0);
    const { json } = await inspectJson([path]);
    assert.equal(json.items[0]?.kind, 'ocspRequest');
    const [asked] = json.items[0]?.requests ?? [];
    assert.equal(asked?.['hash'], 'sha256');
    assert.equal(asked?.['serial_number'], new X509Certificate(leaf.certificatePem).serialNumber.toLowerCase());
  });

  test('private keys are named, and no octet of one is printed', async () => {
    const [plain, encrypted] = await Promise.all([
      readFile(join(shared().directory, 'admin-cli/key.pem'), 'utf8'),
      readFile(join(shared().directory, 'intermediate/intermediate_ca_key.pem'), 'utf8'),
    ]);
    await put('keys.pem', plain + leaf.certificatePem + encrypted);
    const { json } = await inspectJson([files.get('keys.pem')!]);
    assert.deepEqual(
      json.items.map((item) => [item.kind, item['encrypted']]),
      [
        ['privateKey', false],
        ['certificate', undefined],
        ['privateKey', true],
      ],
    );
    await put('key.der', parsePem(plain)[0]!.der);
    for (const name of ['keys.pem', 'key.der']) {
      for (const flag of [[], ['--json'], ['--verbose']]) {
        const { stdout, stderr } = await runCommand(['inspect', files.get(name)!, ...flag]);
        assertSilentAbout(plain, stdout + stderr);
        assertSilentAbout(encrypted, stdout + stderr);
      }
    }
  });

  test('what people see reads as inspect-transcript.txt has it', async () => {
    await put('key.pem', await readFile(join(shared().directory, 'admin-cli/key.pem'), 'utf8'));
    // Made here, so that entries and times are the same in every run.
    const ca = TestCa.root();
    const entry = { serialNumber: Uint8Array.of(1, 2), revokedAt: now, reason: 'keyCompromise' } as const;
    await put('test.crl', ca.crl({ entries: [entry, { ...entry, serialNumber: Uint8Array.of(3) }], number: 7 }));
    await put('test.ors', ca.ocsp(ca.issue({ serialNumber: '0102' }), { status: { ...entry, type: 'revoked' } }));
    const steps: string[] = [];
    for (const name of ['fullchain.pem', 'test.crl', 'test.ors', 'request.csr', 'key.pem']) {
      const clock = name.startsWith('test') ? { now: () => now } : {};
      const { code, stdout, stderr } = await runCommand(['inspect', files.get(name)!], clock);
      const text = withoutChance(stdout + stderr, { PKI: shared().directory });
      steps.push(`$ vcc-pki inspect ${name}\n${text}[exit code ${code}]\n`);
    }
    await assertGolden('inspect-transcript.txt', steps.join('\n'));
  });
});

function errorsOf(document: InspectDocument): string[] {
  return document.items
    .flatMap(({ findings = [] }) => findings)
    .filter(({ severity }) => severity === 'error')
    .map(({ ruleId, message }) => `${ruleId}: ${message}`);
}

/** Neither its base64 nor its octets in hex, in pieces as small as 9 octets. */
function assertSilentAbout(keyPem: string, output: string): void {
  const [block] = parsePem(keyPem);
  assert.ok(block);
  const base64 = encodePem(block.label, block.der).split('\n').slice(1, -2).join('');
  const secret = Buffer.from(block.der);
  // The public half, in the second part of an EC key, is no secret: it is in the certificate too.
  const upTo = Math.floor(secret.length / 2);
  for (let at = 0; at + 9 <= upTo; at += 3) {
    assert.ok(!output.includes(base64.slice((at / 3) * 4, (at / 3) * 4 + 12)), 'base64 of a private key');
    assert.ok(!output.includes(secret.toString('hex', at + 9, at + 18)), 'octets of a private key');
  }
}
