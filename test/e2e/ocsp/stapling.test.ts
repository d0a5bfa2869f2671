import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type NginxServer, nginxServer } from '../../support/nginx-server.ts';
import { type Finished, runProgram } from '../../support/run-program.ts';
import { type RunningPki, runningPki } from '../../support/running-pki.ts';
import { skipWithout, systemProgram } from '../../support/system-program.ts';

test('nginx staples our answers: openssl and curl take them, and get none for a revoked certificate', {
  skip: skipWithout('nginx', 'openssl', 'curl'),
}, async (t) => {
  const pki = await runningPki(t);
  const leaf = await pki.issueFor('covina-backend', { body: { san_dns: ['localhost'] } });
  const files = { certificate: leaf.cert, key: leaf.key, stapling: { ca: pki.intermediatePem + pki.rootPem } };
  const nginx = await nginxServer(t, files);

  const stapled = await untilStapled(nginx, pki);
  assert.match(stapled, /OCSP Response Status: successful/);
  assert.match(stapled, /Cert Status: good/);
  assert.match(stapled, /Verify return code: 0 \(ok\)/);
  const accepted = await curl(nginx, pki);
  assert.equal(accepted.code, 0, accepted.stderr);
  assert.match(accepted.stderr, /SSL certificate status: good/);

  const path = `/api/v1/certificates/${leaf.certificateId}/revoke`;
  assert.equal((await pki.call('DELETE', path, { body: { reason: 'keyCompromise' } })).status, 200);
  // One that starts now fetches a new answer, and does not staple what is revoked.
  const restarted = await nginxServer(t, files);
  await handshake(restarted, pki);
  await delay(500);
  assert.match(await handshake(restarted, pki), /OCSP response: no response sent/);
  // 91: CURLE_SSL_INVALIDCERTSTATUS.
  assert.equal((await curl(restarted, pki)).code, 91);
});

/** nginx fetches an answer at the first handshake, and staples it from the next on. */
async function untilStapled(nginx: NginxServer, pki: RunningPki): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    const said = await handshake(nginx, pki);
    if (!said.includes('no response sent') || attempt === 50) return said;
    await delay(100);
  }
}

async function handshake({ port }: NginxServer, pki: RunningPki): Promise<string> {
  const target = ['-connect', `127.0.0.1:${port}`, '-servername', 'localhost'];
  const judge = ['-status', '-CAfile', pki.rootFile, '-verify_hostname', 'localhost', '-verify_return_error'];
  const { stdout } = await runProgram(systemProgram('openssl'), ['s_client', ...target, ...judge], { input: '' });
  return stdout;
}

/** curl knows the issuer of an answer only among the CAs that it was given. */
async function curl({ port }: NginxServer, pki: RunningPki): Promise<Finished> {
  const ca = join(pki.directory, 'chain.pem');
  await writeFile(ca, pki.intermediatePem + pki.rootPem);
  const args = ['-sSv', '--cert-status', '--cacert', ca, '--resolve', `localhost:${port}:127.0.0.1`];
  return runProgram(systemProgram('curl'), [...args, `https://localhost:${port}/`]);
}
