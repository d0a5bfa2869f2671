import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { answerOf, ocspClient } from '../../support/ocsp-client.ts';
import { type Finished, runProgram } from '../../support/run-program.ts';
import type { IssuedIdentity } from '../../support/running-pki.ts';
import { sharedPki } from '../../support/shared-pki.ts';
import { skipWithout, systemProgram } from '../../support/system-program.ts';

describe('openssl and curl ask the responder', { skip: skipWithout('openssl', 'curl') }, () => {
  const pki = sharedPki();
  const run = (program: string, args: readonly string[], input?: string): Promise<Finished> =>
    runProgram(systemProgram(program), args, input === undefined ? {} : { input });

  async function issue(service = 'veritas-backend'): Promise<{ leaf: IssuedIdentity; file: string; url: string }> {
    const leaf = await pki().issueFor(service);
    const file = join(pki().directory, `${leaf.certificateId}.pem`);
    await writeFile(file, leaf.certificatePem);
    const { stdout } = await run('openssl', ['x509', '-noout', '-ocsp_uri', '-in', file]);
    return { leaf, file, url: stdout.trim() };
  }

  /** Asks at the address in the certificate and verifies: signature, responder certificate, times, nonce. */
  function ask(url: string, question: readonly string[]): Promise<Finished> {
    const { intermediateFile, rootFile } = pki();
    const judge = ['-CAfile', rootFile, '-verify_other', intermediateFile, '-x509_strict'];
    return run('openssl', ['ocsp', '-issuer', intermediateFile, ...question, ...judge, '-url', url]);
  }

  async function revoke({ certificateId }: IssuedIdentity): Promise<void> {
    const path = `/api/v1/certificates/${certificateId}/revoke`;
    assert.equal((await pki().call('DELETE', path, { body: { reason: 'keyCompromise' } })).status, 200);
  }

  test('the address in a certificate is the one of its issuer', async () => {
    const { url } = await issue();
    assert.equal(url, `${pki().publicUrl}/ocsp/${ocspClient(pki()).issuerId}`);
  });

  test('an issued certificate is good, by SHA-1 and SHA-256, with and without a nonce', async () => {
    const { url, file } = await issue();
    for (const hash of ['-sha1', '-sha256']) {
      for (const nonce of ['-nonce', '-no_nonce']) {
        const { code, stdout, stderr } = await ask(url, [nonce, hash, '-cert', file]);
        assert.equal(code, 0, stderr);
        assert.match(stdout, /: good/);
        assert.match(stderr, /Response verify OK/);
        assert.doesNotMatch(stderr, /WARNING/);
      }
    }
  });

  test('after a revocation the next answer is revoked, with the reason', async () => {
    const { leaf, url, file } = await issue();
    assert.match((await ask(url, ['-no_nonce', '-cert', file])).stdout, /: good/);
    await revoke(leaf);
    for (const nonce of ['-nonce', '-no_nonce']) {
      const { stdout, stderr } = await ask(url, [nonce, '-cert', file]);
      assert.match(stdout, /: revoked\n[\s\S]*Reason: keyCompromise/);
      assert.match(stderr, /Response verify OK/);
    }
  });

  test('a serial number that was never issued is unknown', async () => {
    const { url } = await issue('covina-backend');
    const { stdout, stderr } = await ask(url, ['-no_nonce', '-serial', '0x41414141']);
    assert.match(stdout, /0x41414141: unknown/);
    assert.match(stderr, /Response verify OK/);
  });

  test('a certificate of the root is not answered for', async () => {
    const { url } = await issue('covina-backend');
    const { rootFile, intermediateFile } = pki();
    const { stdout } = await run('openssl', ['ocsp', '-issuer', rootFile, '-cert', intermediateFile, '-url', url]);
    assert.match(stdout, /Responder Error: unauthorized \(6\)/);
  });

  test('curl GETs what openssl asked for, and openssl verifies it', async () => {
    const { url, file } = await issue('vpb-backend');
    const request = join(pki().directory, 'request.der');
    const response = join(pki().directory, 'response.der');
    const question = ['ocsp', '-issuer', pki().intermediateFile, '-cert', file];
    assert.equal((await run('openssl', [...question, '-no_nonce', '-reqout', request])).code, 0);
    const base64 = (await readFile(request)).toString('base64');
    for (const text of [base64, encodeURIComponent(base64)]) {
      const fetched = await run('curl', ['--fail', '-sS', '--path-as-is', '-o', response, `${url}/${text}`]);
      assert.equal(fetched.code, 0, fetched.stderr);
      const judge = ['-CAfile', pki().rootFile, '-verify_other', pki().intermediateFile, '-respin', response];
      const { stdout, stderr } = await run('openssl', [...question, ...judge]);
      assert.match(stdout, /: good/);
      assert.match(stderr, /Response verify OK/);
    }
  });

  test('the responder certificate verifies strictly, for OCSP alone', async () => {
    const client = ocspClient(pki());
    const [der] = answerOf((await client.post(client.request('41'))).der).certificates;
    const file = join(pki().directory, 'responder.der');
    await writeFile(file, der as Uint8Array);
    const chain = ['-CAfile', pki().rootFile, '-untrusted', pki().intermediateFile, '-x509_strict'];
    const verify = (purpose: string): Promise<Finished> =>
      run('openssl', ['verify', ...chain, '-purpose', purpose, file]);
    const helper = await verify('ocsphelper');
    assert.equal(helper.code, 0, helper.stderr);
    for (const purpose of ['sslclient', 'sslserver', 'smimesign']) {
      assert.notEqual((await verify(purpose)).code, 0, purpose);
    }
    const { stdout } = await run('openssl', [
      'x509',
      '-in',
      file,
      '-noout',
      '-ext',
      'noCheck,extendedKeyUsage,keyUsage',
    ]);
    assert.match(stdout, /OCSP No Check/);
    assert.match(stdout, /OCSP Signing\s*$/m);
    assert.match(stdout, /X509v3 Key Usage: critical\s+Digital Signature\s*$/m);
  });
});
