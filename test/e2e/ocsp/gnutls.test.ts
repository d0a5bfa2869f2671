import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { type Finished, runProgram } from '../../support/run-program.ts';
import type { IssuedIdentity } from '../../support/running-pki.ts';
import { sharedPki } from '../../support/shared-pki.ts';
import { skipWithout, systemProgram } from '../../support/system-program.ts';

describe('GnuTLS ocsptool asks the responder', { skip: skipWithout('ocsptool') }, () => {
  const pki = sharedPki();

  async function fileOf(leaf: IssuedIdentity): Promise<string> {
    const file = join(pki().directory, `${leaf.certificateId}.pem`);
    await writeFile(file, leaf.certificatePem);
    return file;
  }

  /** Asks at the address in the certificate, with a nonce or without, and verifies the answer against the CA. */
  function ask(file: string, nonce: string): Promise<Finished> {
    const { intermediateFile } = pki();
    const files = ['--load-cert', file, '--load-issuer', intermediateFile, '--load-trust', intermediateFile];
    return runProgram(systemProgram('ocsptool'), ['--ask', nonce, ...files]);
  }

  test('an issued certificate is good, a revoked one is revoked', async () => {
    const leaf = await pki().issueFor('veritas-backend');
    const file = await fileOf(leaf);
    for (const nonce of ['--nonce', '--no-nonce']) {
      const { code, stdout, stderr } = await ask(file, nonce);
      assert.equal(code, 0, stdout + stderr);
      assert.match(stdout, /Certificate Status: good/);
      assert.match(stdout, /Verifying OCSP Response: Success/);
    }
    const path = `/api/v1/certificates/${leaf.certificateId}/revoke`;
    assert.equal((await pki().call('DELETE', path, { body: { reason: 'superseded' } })).status, 200);
    for (const nonce of ['--nonce', '--no-nonce']) {
      const { stdout } = await ask(file, nonce);
      assert.match(stdout, /Certificate Status: revoked/);
      assert.match(stdout, /Verifying OCSP Response: Success/);
    }
  });
});
