import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { CertificateResource, RevocationResource } from '@vcc-pki/api';
import { encodePem } from '@vcc-pki/asn1';
import { request } from 'undici';
import { publishedCrls, publishedCrlsWith } from '../../support/published-crls.ts';
import { type Finished, runProgram } from '../../support/run-program.ts';
import type { IssuedIdentity } from '../../support/running-pki.ts';
import { sharedPki } from '../../support/shared-pki.ts';
import { skipWithout, systemProgram } from '../../support/system-program.ts';

describe('openssl judges shards and deltas', { skip: skipWithout('openssl') }, () => {
  const pki = sharedPki();
  const openssl = (...args: string[]): Promise<Finished> => runProgram(systemProgram('openssl'), args);

  async function file(name: string, contents: string | Uint8Array): Promise<string> {
    const path = join(pki().directory, name);
    await writeFile(path, contents);
    return path;
  }

  async function fetched(url: string): Promise<string> {
    const { statusCode, body } = await request(url);
    assert.equal(statusCode, 200, url);
    return encodePem('X509 CRL', new Uint8Array(await body.arrayBuffer()));
  }

  async function verify(leaf: IssuedIdentity, crls: readonly string[], ...flags: string[]): Promise<Finished> {
    const all = await file('crls.pem', crls.join(''));
    const chain = ['-CAfile', pki().rootFile, '-untrusted', pki().intermediateFile, '-CRLfile', all];
    const path = await file('leaf.pem', leaf.certificatePem);
    return openssl('verify', '-x509_strict', '-crl_check_all', '-extended_crl', ...flags, ...chain, path);
  }

  const revoke = async (leaf: IssuedIdentity): Promise<string> => {
    const path = `/api/v1/certificates/${leaf.certificateId}/revoke?reason=superseded&wait=published`;
    return ((await pki().call('DELETE', path)).json() as RevocationResource).crl_url;
  };

  const resource = (leaf: IssuedIdentity): CertificateResource => leaf.answer.json() as CertificateResource;

  test('the shard that a certificate names decides; another shard does not', async () => {
    const leaf = await pki().issueFor('veritas-backend');
    const { serial_number, issuer_id } = resource(leaf);
    const number = Number.parseInt(serial_number.slice(-8), 16) % 16;
    const shard = (n: number): string => `${pki().publicUrl}/crl/${issuer_id}/${n}.crl`;
    const { pem } = await publishedCrls(pki());
    const good = await verify(leaf, [pem.root, await fetched(shard(number))]);
    assert.equal(good.code, 0, good.stderr);
    const other = await verify(leaf, [pem.root, await fetched(shard((number + 1) % 16))]);
    assert.match(other.stdout + other.stderr, /different CRL scope|unable to get certificate CRL/i);
    assert.notEqual(other.code, 0);

    assert.equal(await revoke(leaf), shard(number));
    const revoked = await verify(leaf, [pem.root, await fetched(shard(number))]);
    assert.match(revoked.stdout + revoked.stderr, /certificate revoked/);
    assert.notEqual(revoked.code, 0);
  });

  test('a delta brings an older full CRL up to date', async () => {
    const [stays, goes] = [await pki().issueFor('test-stays'), await pki().issueFor('test-goes')];
    const { issuer_id, serial_number } = resource(goes);
    const { pem: base } = await publishedCrls(pki());
    await revoke(goes);
    await publishedCrlsWith(pki(), serial_number);
    const delta = await deltaWith(`${pki().publicUrl}/crl/${issuer_id}/delta.crl`, serial_number);
    // Alone, the full CRL of before does not know.
    assert.equal((await verify(goes, [base.root, base.intermediate])).code, 0);
    const judged = await verify(goes, [base.root, base.intermediate, delta], '-use_deltas');
    assert.match(judged.stdout + judged.stderr, /certificate revoked/);
    const good = await verify(stays, [base.root, base.intermediate, delta], '-use_deltas');
    assert.equal(good.code, 0, good.stderr);
  });

  async function deltaWith(url: string, serialNumber: string): Promise<string> {
    for (let tries = 0; tries < 100; tries += 1) {
      const delta = await fetched(url);
      const { stdout } = await openssl('crl', '-in', await file('delta.pem', delta), '-noout', '-text');
      if (stdout.toLowerCase().includes(serialNumber)) return delta;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('no delta lists it after five seconds');
  }

  test('the signatures of all kinds verify with the certificate of the CA', async () => {
    const { issuer_id } = resource(await pki().issueFor('veritas-backend'));
    for (const name of [`${issuer_id}/0`, `${issuer_id}/15`, `${issuer_id}/delta`, issuer_id]) {
      const crl = await file('crl.pem', await fetched(`${pki().publicUrl}/crl/${name}.crl`));
      const { stderr } = await openssl('crl', '-verify', '-in', crl, '-noout', '-CAfile', pki().intermediateFile);
      assert.match(stderr, /verify OK/, name);
    }
  });
});

describe('GnuTLS judges shards and deltas', { skip: skipWithout('certtool') }, () => {
  const pki = sharedPki();

  test('certtool verifies every kind of CRL, and reads in it what is revoked', async () => {
    const leaf = await pki().issueFor('veritas-backend');
    const { issuer_id, serial_number } = leaf.answer.json() as CertificateResource;
    const answer = await pki().call(
      'DELETE',
      `/api/v1/certificates/${leaf.certificateId}/revoke?reason=superseded&wait=published`,
    );
    const shardUrl = (answer.json() as RevocationResource).crl_url;
    const certtool = (...args: string[]): Promise<Finished> => runProgram(systemProgram('certtool'), args);
    for (const url of [
      shardUrl,
      `${pki().publicUrl}/crl/${issuer_id}.crl`,
      `${pki().publicUrl}/crl/${issuer_id}/delta.crl`,
    ]) {
      const { body } = await request(url);
      const crl = join(pki().directory, 'certtool.crl');
      await writeFile(crl, encodePem('X509 CRL', new Uint8Array(await body.arrayBuffer())));
      const args = ['--verify-crl', '--load-ca-certificate', pki().intermediateFile, '--infile', crl];
      const { code, stdout, stderr } = await certtool(...args);
      assert.equal(code, 0, `${url}: ${stdout}${stderr}`);
      assert.match(stdout, /Verification output: Verified/);
      if (url !== shardUrl) continue;
      const info = await certtool('--crl-info', '--infile', crl);
      assert.ok(info.stdout.includes(serial_number), info.stdout);
    }
  });
});
