import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { runProgram } from '../../support/run-program.ts';
import { newRequest, runningPki } from '../../support/running-pki.ts';
import { skipWithout, systemProgram } from '../../support/system-program.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

test('curl does the whole life of a certificate with the files of a service', {
  skip: skipWithout('curl'),
}, async (t) => {
  const pki = await runningPki(t);
  const folder = await temporaryDirectory(t);
  const first = await pki.issueFor('veritas-backend');
  await writeFile(join(folder, 'fullchain.pem'), first.cert);
  await writeFile(join(folder, 'key.pem'), first.key, { mode: 0o600 });

  async function curl(path: string, ...args: readonly string[]): Promise<{ status: number; text: string }> {
    const identity = ['--cert', 'fullchain.pem', '--key', 'key.pem', '--cacert', pki.rootFile];
    const told = ['--silent', '--show-error', '--write-out', '\n%{http_code}'];
    const run = await runProgram(systemProgram('curl'), [...identity, ...told, ...args, `${pki.apiUrl}${path}`], {
      cwd: folder,
    });
    assert.equal(run.code, 0, run.stderr);
    const end = run.stdout.lastIndexOf('\n');
    return { status: Number(run.stdout.slice(end + 1)), text: run.stdout.slice(0, end) };
  }
  const json = (body: object): string[] => ['-H', 'Content-Type: application/json', '--data', JSON.stringify(body)];

  const { csr } = await newRequest();
  const requested = await curl('/api/v1/certificates/request', ...json({ service_name: 'veritas-backend', csr }));
  assert.equal(requested.status, 201, requested.text);
  const { certificate_id, certificate_pem, links } = JSON.parse(requested.text);

  const shown = await curl(links.self);
  assert.equal(JSON.parse(shown.text).certificate_id, certificate_id);

  const downloaded = await curl(`${links.download}?part=leaf`);
  assert.equal(downloaded.text.trim(), certificate_pem.trim());

  const renewed = await curl(links.renew, ...json({ csr: (await newRequest()).csr }));
  assert.equal(renewed.status, 201, renewed.text);
  assert.equal(JSON.parse(renewed.text).replaces, certificate_id);

  const revoked = await curl(links.revoke, '-X', 'DELETE', ...json({ reason: 'certificate_superseded' }));
  assert.equal(revoked.status, 200, revoked.text);
  assert.equal(JSON.parse(revoked.text).reason, 'superseded');

  const own = await curl(`/api/v1/certificates/${first.certificateId}/revoke?reason=key_compromise`, '-X', 'DELETE');
  assert.equal(own.status, 200, own.text);
  const refused = await curl(links.self);
  assert.equal(refused.status, 401);
  assert.equal(JSON.parse(refused.text).code, 'unauthorized');
});
