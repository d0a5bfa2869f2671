import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { describe, test } from 'node:test';
import type { CertificateResource } from '@vcc-pki/api';
import type { KeyType } from '@vcc-pki/signer';
import { assertProblem } from '../support/assert-problem.ts';
import type { Answer, Identity } from '../support/call-api.ts';
import { setKeys } from '../support/configure.ts';
import { dayMs, hourMs, manualClock } from '../support/manual-clock.ts';
import { newRequest, runningPki } from '../support/running-pki.ts';
import { sharedPki } from '../support/shared-pki.ts';

describe('a request for a certificate', () => {
  const clock = manualClock();
  const shared = sharedPki(() => ({ clock, configure: setKeys({ max_certificates_per_service: 50 }) }));

  async function ask(body: Readonly<Record<string, unknown>>, as?: Identity, keyType?: KeyType): Promise<Answer> {
    const { csr } = await newRequest(keyType);
    const all = { service_name: 'test-service', csr, ...body };
    return shared().call('POST', '/api/v1/certificates/request', { body: all, as });
  }

  /** Issues, and gives the place in the quota back. */
  async function issued(body: Readonly<Record<string, unknown>>, keyType?: KeyType): Promise<CertificateResource> {
    const answer = await ask(body, undefined, keyType);
    assert.equal(answer.status, 201, answer.text);
    const resource = answer.json() as CertificateResource;
    await shared().call('DELETE', `${resource.links.revoke}?reason=superseded`);
    return resource;
  }

  test('the answer is complete: where it is, its chain, its status', async () => {
    const answer = await ask({ service_name: 'covina-backend' });
    const resource = answer.json() as CertificateResource;
    assert.equal(answer.headers['location'], resource.links.self);
    assert.match(resource.certificate_id, /^cert_covina_backend_\d{8}_[0-9a-f]{20}$/);
    assert.equal(resource.status, 'active');
    assert.equal(resource.issuer, 'VCC Intermediate CA');
    const leaf = new X509Certificate(resource.certificate_pem);
    assert.ok(leaf.checkIssued(new X509Certificate(resource.chain_pem)));
    assert.equal(leaf.fingerprint256.replaceAll(':', '').toLowerCase(), resource.fingerprint_sha256);
    const shown = await shared().call('GET', resource.links.self);
    assert.deepEqual(shown.json(), resource);
  });

  test('validity: the default, days, hours; backdated, in whole seconds', async () => {
    const length = ({ not_before, not_after }: CertificateResource): number =>
      Date.parse(not_after) - Date.parse(not_before) - 60_000;
    assert.equal(length(await issued({})), 365 * dayMs);
    assert.equal(length(await issued({ validity_days: 90 })), 90 * dayMs);
    const shortLived = await issued({ validity_hours: 6 });
    assert.equal(length(shortLived), 6 * hourMs);
    assert.equal(Date.parse(shortLived.not_before), Math.floor(clock.now() / 1000) * 1000 - 60_000);
  });

  test('validity: refused where it is none, too long, or said twice', async () => {
    for (const validity_days of [0, -1, 1.5, '90', 366, 3651]) {
      assertProblem(await ask({ validity_days }), 'badValidity', 'validity_days');
    }
    assertProblem(await ask({ validity_hours: 366 * 24 }), 'badValidity', 'validity_hours');
    assertProblem(await ask({ validity_hours: 24, validity_days: 1 }), 'badValidity', 'validity_hours');
  });

  const usages: readonly [string, string[]][] = [
    ['service', ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']],
    ['client', ['1.3.6.1.5.5.7.3.2']],
    ['server', ['1.3.6.1.5.5.7.3.1']],
  ];
  for (const [profile, usage] of usages) {
    test(`the profile ${profile} says what the certificate is good for`, async () => {
      const resource = await issued({ profile });
      assert.equal(resource.profile, profile);
      assert.deepEqual(new X509Certificate(resource.certificate_pem).keyUsage, usage);
    });
  }

  test('a profile that does not exist is refused', async () => {
    for (const profile of ['root', 'constructor', '__proto__'])
      assertProblem(await ask({ profile }), 'malformed', 'profile');
  });

  for (const keyType of ['P-256', 'P-384', 'RSA-2048', 'Ed25519'] as const) {
    test(`a key of type ${keyType} is certified, and only under its own name`, async () => {
      assert.equal((await issued({ key_type: keyType }, keyType)).key_type, keyType);
      const other = keyType === 'P-256' ? 'P-384' : 'P-256';
      assertProblem(await ask({ key_type: other }, undefined, keyType), 'badPublicKey', 'key_type');
    });
  }

  test('the size that is stated is that of the key', async () => {
    assertProblem(await ask({ key_size: 3072 }, undefined, 'RSA-2048'), 'badPublicKey', 'key_size');
    assertProblem(await ask({ key_size: 100_000 }), 'badPublicKey', 'key_size');
  });

  test("who may do what is the whitelist's to say", async () => {
    const pki = shared();
    const fits = await pki.issueFor('test-operations');
    assertProblem(await ask({ service_name: 'covina-backend' }, fits), 'forbidden', 'service_name');
    assertProblem(await ask({ service_name: 'nobody' }), 'forbidden', 'service_name');
    const path = `/api/v1/certificates/${fits.certificateId}`;
    assertProblem(await pki.call('GET', `${path}/download`, { as: fits }), 'forbidden');
    assert.equal((await pki.call('GET', path, { as: fits })).status, 200);
    const monitoring = await pki.issueFor('monitoring-service');
    const revoke = `/api/v1/certificates/${monitoring.certificateId}/revoke?reason=superseded`;
    assertProblem(await pki.call('DELETE', revoke, { as: monitoring }), 'forbidden');
    assert.equal((await pki.call('DELETE', revoke)).status, 200);
  });
});

test('no certificate outlives its issuer', async (t) => {
  const clock = manualClock();
  const pki = await runningPki(t, {
    clock,
    // One year, where the default of the intermediate is five; the root keeps its ten.
    configure: (_name, text) => text.replace('validity_years: 5', 'validity_years: 1'),
  });
  clock.advance(10 * dayMs);
  const { csr } = await newRequest();
  const ask = (validity_days: number): Promise<Answer> =>
    pki.call('POST', '/api/v1/certificates/request', { body: { service_name: 'test-end', csr, validity_days } });
  const refused = await ask(360);
  assertProblem(refused, 'badValidity', 'validity_days');
  assert.match(`${refused.body['issuer_not_after']}`, /^\d{4}-/);
  assert.equal((await ask(350)).status, 201);
});
