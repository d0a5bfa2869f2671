import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import { platform } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseEnrolmentToken } from '@vcc-pki/api';
import { CertificateFiles, CertificateKeeper, ClientError, PKIClient } from '@vcc-pki/client';
import { hourMs, manualClock } from '../support/manual-clock.ts';
import { runningPki } from '../support/running-pki.ts';
import { sharedPki } from '../support/shared-pki.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { enrolledClient, tokenFor } from './support/two-clients.ts';

const pki = sharedPki(() => ({
  configure: (_name, text) => text.replaceAll('max_certificates: 3', 'max_certificates: 50'),
}));

test('a token is all that a new service needs: server, root and certificate come of it, once', async (t) => {
  const folder = join(await temporaryDirectory(t), 'new');
  const enrolmentToken = await tokenFor(pki(), 'vpb-backend');
  const client = new PKIClient({ serviceId: 'vpb-backend', folder, enrolmentToken });
  t.after(() => client.close());
  const enrolled = once(client, 'enrolled');
  const first = await client.ensureCertificate();
  await enrolled;
  assert.equal(await readFile(join(folder, 'root-ca.pem'), 'utf8'), pki().rootPem);
  if (platform() !== 'win32') assert.equal((await stat(client.paths.key)).mode & 0o777, 0o600);
  assert.equal((await client.ensureCertificate()).certificateId, first.certificateId);

  // A restart with the same configuration: the token is spent, and not needed.
  const again = new PKIClient({ serviceId: 'vpb-backend', folder, enrolmentToken });
  t.after(() => again.close());
  assert.equal((await again.ensureCertificate()).certificateId, first.certificateId);
  const other = new PKIClient({
    ...{ serviceId: 'vpb-backend', enrolmentToken },
    folder: join(await temporaryDirectory(t), 'thief'),
  });
  t.after(() => other.close());
  await assert.rejects(other.ensureCertificate(), { code: 'enrolmentRefused' });
  assert.equal(other.status.state, 'enrolmentNeeded');
});

test('a token of another service, of another PKI, or none at all', async (t) => {
  const folder = await temporaryDirectory(t);
  const enrolmentToken = await tokenFor(pki(), 'clara-backend');
  const keeper = (serviceId: string, token?: string) =>
    new CertificateKeeper({
      ...{ serviceId, pkiServerUrl: pki().apiUrl, enrolmentToken: token },
      files: CertificateFiles.inFolder(join(folder, serviceId)),
    });
  const hasCode = (code: string) => (error: unknown) => error instanceof ClientError && error.code === code;
  await assert.rejects(keeper('veritas-backend', enrolmentToken).ensure(), hasCode('noCertificate'));
  await assert.rejects(keeper('veritas-backend').ensure(), hasCode('noCertificate'));
  await assert.rejects(keeper('clara-backend', 'vcc1.nonsense').ensure(), { code: 'malformed' });
  const stranger = await runningPki(t);
  const foreign = await tokenFor(stranger, 'clara-backend');
  assert.notEqual(parseEnrolmentToken(foreign).rootSha256, parseEnrolmentToken(enrolmentToken).rootSha256);
  await assert.rejects(keeper('clara-backend', foreign).ensure(), hasCode('notTrusted'));
});

test('a certificate that was revoked is told of, and a new token gets the next one', async (t) => {
  let token: string | undefined = await tokenFor(pki(), 'covina-ingestion');
  const client = await enrolledClient(t, pki(), 'covina-ingestion', { enrolmentToken: () => token });
  token = undefined;
  const path = `/api/v1/certificates/${client.certificate.certificateId}/revoke`;
  assert.equal((await pki().call('DELETE', path, { body: { reason: 'superseded' } })).status, 200);
  const needed = once(client, 'enrolmentNeeded');
  await assert.rejects(client.renew(), { code: 'unauthorized' });
  await needed;
  assert.equal(client.status.state, 'enrolmentNeeded');
  token = await tokenFor(pki(), 'covina-ingestion');
  await client.renew();
  assert.deepEqual([client.status.state, client.status.counters.enrolments], ['valid', 2]);
});

test('auto-renewal does it by itself, and calls back; a callback that fails is told', async (t) => {
  const clock = manualClock();
  const options = { clock, request: { validityHours: 24 }, revocation: { whenStale: 'off' } } as const;
  const client = await enrolledClient(t, pki(), 'veritas-frontend', options);
  // Past the whole spread of windows (the server draws one for each certificate), and before the end.
  clock.advance(22 * hourMs);
  const renewed = once(client, 'renewed');
  const failed = once(client, 'restartFailed') as Promise<[Error]>;
  client.enableAutoRenewal({
    restartCallback: () => {
      throw new Error('no restart today');
    },
  });
  await renewed;
  assert.equal((await failed)[0].message, 'no restart today');
  // By this clock, which is hours ahead of the server's, the new one is due too: it is left alone all the same.
  assert.ok(client.status.renewAt! >= clock.now() + hourMs);
  assert.deepEqual([client.status.state, client.status.counters.renewals], ['valid', 1]);
});

test('two processes on the same files end up with one pair', async (t) => {
  const first = await enrolledClient(t, pki(), 'covina-backend');
  const folder = first.paths.cert.replace(/[/\\]cert\.pem$/, '');
  const second = new PKIClient({ serviceId: 'covina-backend', folder });
  t.after(() => second.close());
  await second.ensureCertificate();
  const results = await Promise.allSettled([first.renew(), second.renew()]);
  for (const result of results) {
    if (result.status === 'rejected') assert.ok(['busy', 'conflict'].includes(result.reason.code), result.reason);
  }
  const [one, two] = [await first.ensureCertificate(), await second.ensureCertificate()];
  assert.equal(one.fingerprintSha256, two.fingerprintSha256);
});
