import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CertificatePage, CertificateResource, RenewalInfo } from '@vcc-pki/api';
import { assertProblem } from '../support/assert-problem.ts';
import { dayMs, manualClock } from '../support/manual-clock.ts';
import { describeOverDatabases } from '../support/over-databases.ts';
import { newRequest } from '../support/running-pki.ts';

const path = '/api/v1/certificates/';

describeOverDatabases('renewal info', (startPki) => {
  const clock = manualClock();
  const shared = startPki({ clock });

  async function infoOf(id: string): Promise<RenewalInfo> {
    const answer = await shared().call('GET', `${path}${id}/renewal-info`);
    assert.equal(answer.status, 200, answer.text);
    return answer.json() as RenewalInfo;
  }

  test('every answer that shows a certificate has its window, and all say the same', async () => {
    const pki = shared();
    const first = await pki.issueFor('veritas-backend');
    const issued = first.answer.json() as CertificateResource;
    const { start, end } = issued.renewal_info.suggested_window;
    const notAfter = Date.parse(issued.not_after);
    assert.ok(Date.parse(start) >= notAfter - 30 * dayMs - 1000 && start < end, start);
    assert.ok(Date.parse(end) <= notAfter - 10 * dayMs + 1000, end);

    assert.deepEqual(await infoOf(issued.certificate_id), issued.renewal_info);
    assert.deepEqual(await infoOf('veritas-backend'), issued.renewal_info);
    const shown = (await pki.call('GET', `${path}veritas-backend`)).json() as CertificateResource;
    assert.deepEqual(shown.renewal_info, issued.renewal_info);
    const list = (await pki.call('GET', `${path}?service=veritas-backend`)).json() as CertificatePage;
    assert.deepEqual(list.items[0]?.renewal_info, issued.renewal_info);
  });

  test('Retry-After says when to ask again; a short-lived certificate is to be asked about more often', async () => {
    const pki = shared();
    const retryAfter = async (id: string) =>
      (await pki.call('GET', `${path}${id}/renewal-info`)).headers['retry-after'];
    assert.equal(await retryAfter('veritas-backend'), '21600');
    const { certificateId } = await pki.issueFor('test-hours', { body: { validity_hours: 8 } });
    assert.equal(await retryAfter(certificateId), String(Math.floor((8 * 3600 + 60) / 24)));
  });

  test('a service asks about its own certificates only', async () => {
    const pki = shared();
    const own = await pki.issueFor('covina-backend');
    assert.equal((await pki.call('GET', `${path}covina-backend/renewal-info`, { as: own })).status, 200);
    assertProblem(await pki.call('GET', `${path}veritas-backend/renewal-info`, { as: own }), 'forbidden');
    assertProblem(await pki.call('GET', `${path}vpb-backend/renewal-info`), 'notFound');
  });

  test('a revocation moves the window into the past, and a compromised key that of its other certificates', async () => {
    const pki = shared();
    const { csr } = await newRequest();
    const request = { body: { service_name: 'clara-backend', csr } };
    const [leaked, other] = await Promise.all(
      [1, 2].map(async () => (await pki.call('POST', `${path}request`, request)).json() as CertificateResource),
    );
    assert.ok(leaked !== undefined && other !== undefined);
    clock.advance(5000);
    await pki.call('DELETE', `${path}${leaked.certificate_id}/revoke?reason=keyCompromise`);
    for (const [id, reason] of [
      [leaked.certificate_id, 'revoked'],
      [other.certificate_id, 'keyBlocked'],
    ] as const) {
      const info = await infoOf(id);
      assert.equal(info.reason, reason);
      assert.equal(info.explanation_url, `${path}${id}`);
      assert.ok(Date.parse(info.suggested_window.start) < Date.parse(info.suggested_window.end));
      assert.ok(Date.parse(info.suggested_window.end) <= clock.now());
      const shown = (await pki.call('GET', `${path}${id}`)).json() as CertificateResource;
      assert.deepEqual(shown.renewal_info, info);
    }
  });
});
