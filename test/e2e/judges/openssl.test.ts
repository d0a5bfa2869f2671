import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parsePem } from '@vcc-pki/asn1';
import type { KeyType } from '@vcc-pki/signer';
import { publishedCrls, publishedCrlsWith } from '../../support/published-crls.ts';
import { type Finished, runProgram } from '../../support/run-program.ts';
import { newRequest } from '../../support/running-pki.ts';
import { sharedPki } from '../../support/shared-pki.ts';
import { skipWithout, systemProgram } from '../../support/system-program.ts';

/** Each its own service, so that no quota is in the way. */
const leaves: readonly [KeyType, string][] = [
  ['P-256', 'test-p256'],
  ['P-384', 'test-p384'],
  ['RSA-2048', 'test-rsa2048'],
  ['RSA-3072', 'test-rsa3072'],
  ['Ed25519', 'test-ed25519'],
];

describe('openssl judges what leaves the house', { skip: skipWithout('openssl') }, () => {
  const shared = sharedPki();
  const openssl = (args: readonly string[], input?: string | Uint8Array): Promise<Finished> =>
    runProgram(systemProgram('openssl'), args, input === undefined ? {} : { input });

  /** Path of a file in the folder of the PKI. */
  async function file(name: string, contents: string | Uint8Array): Promise<string> {
    const path = join(shared().directory, name);
    await writeFile(path, contents);
    return path;
  }

  async function verify(leafPem: string, purpose: readonly string[]): Promise<Finished> {
    const { pem } = await publishedCrls(shared());
    const crls = await file('crls.pem', pem.root + pem.intermediate);
    const leaf = await file('leaf.pem', leafPem);
    const chain = ['-CAfile', shared().rootFile, '-untrusted', shared().intermediateFile, '-CRLfile', crls];
    return openssl(['verify', '-x509_strict', '-crl_check_all', ...chain, ...purpose, leaf]);
  }

  for (const [keyType, service] of leaves) {
    test(`a leaf with a key of ${keyType} and every CRL verify strictly, for either end of TLS`, async () => {
      const { certificatePem } = await shared().issueFor(service, { keyType });
      for (const purpose of [[], ['-purpose', 'sslserver'], ['-purpose', 'sslclient']]) {
        const { code, stdout, stderr } = await verify(certificatePem, purpose);
        assert.equal(code, 0, `${purpose.join(' ')}: ${stdout}${stderr}`);
      }
    });
  }

  test('a certificate for a client alone is none for a server, and the other way round', async () => {
    const client = await shared().issueFor('covina-backend', { body: { profile: 'client' } });
    assert.equal((await verify(client.certificatePem, ['-purpose', 'sslclient'])).code, 0);
    assert.notEqual((await verify(client.certificatePem, ['-purpose', 'sslserver'])).code, 0);
    const server = await shared().issueFor('covina-backend', { body: { profile: 'server' } });
    assert.equal((await verify(server.certificatePem, ['-purpose', 'sslserver'])).code, 0);
    assert.notEqual((await verify(server.certificatePem, ['-purpose', 'sslclient'])).code, 0);
  });

  test('the certificates of administrator and server verify strictly', async () => {
    const { admin, directory } = shared();
    assert.equal((await verify(admin.cert, ['-purpose', 'sslclient'])).code, 0);
    const { code, stderr } = await openssl([
      ...['s_client', '-connect', `127.0.0.1:${shared().port}`, '-servername', 'localhost', '-verify_return_error'],
      ...['-CAfile', join(directory, 'root_ca.pem'), '-x509_strict', '-verify_hostname', 'localhost', '-brief'],
    ]);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /Verification: OK/);
  });

  test('a revoked leaf is refused by the next CRL', async () => {
    const pki = shared();
    const leaf = await pki.issueFor('veritas-backend');
    const { serial_number } = leaf.answer.json() as { serial_number: string };
    const path = `/api/v1/certificates/${leaf.certificateId}/revoke`;
    assert.equal((await pki.call('DELETE', path, { body: { reason: 'superseded' } })).status, 200);
    await publishedCrlsWith(pki, serial_number);
    const { code, stdout, stderr } = await verify(leaf.certificatePem, []);
    assert.notEqual(code, 0);
    assert.match(stdout + stderr, /certificate revoked/);
  });

  test('a CSR of ours is a PKCS#10 that verifies', async () => {
    for (const [keyType] of leaves) {
      const { csr } = await newRequest(keyType);
      const { code, stdout, stderr } = await openssl(['req', '-verify', '-noout'], csr);
      assert.equal(code, 0, stderr);
      assert.match(stdout + stderr, /verify OK/);
    }
  });

  test('each CRL is signed by its issuer, and none by the other', async () => {
    const { pem } = await publishedCrls(shared());
    const judge = (crl: string, issuer: string): Promise<Finished> =>
      openssl(['crl', '-verify', '-noout', '-CAfile', issuer], crl);
    assert.match((await judge(pem.root, shared().rootFile)).stderr, /verify OK/);
    assert.match((await judge(pem.intermediate, shared().intermediateFile)).stderr, /verify OK/);
    assert.doesNotMatch((await judge(pem.intermediate, shared().rootFile)).stderr, /verify OK/);
  });

  test('certificate and CRL are whole ASN.1', async () => {
    const [leaf] = parsePem(shared().admin.cert);
    const { root, intermediate } = await publishedCrls(shared());
    for (const der of [leaf?.der, root, intermediate]) {
      const { code, stderr } = await openssl(['asn1parse', '-inform', 'DER'], der);
      assert.equal(code, 0, stderr);
      assert.equal(stderr, '');
    }
  });

  test('the PKCS#7 download holds the leaf and its issuer', async () => {
    const pki = shared();
    const leaf = await pki.issueFor('vpb-backend');
    const { bytes } = await pki.call('GET', `/api/v1/certificates/${leaf.certificateId}/download?format=pkcs7`);
    const { code, stdout, stderr } = await openssl(['pkcs7', '-inform', 'DER', '-print_certs'], bytes);
    assert.equal(code, 0, stderr);
    const ders = (pem: string): string[] => parsePem(pem).map(({ der }) => Buffer.from(der).toString('hex'));
    assert.deepEqual(ders(stdout).sort(), ders(leaf.certificatePem + pki.intermediatePem).sort());
  });
});
