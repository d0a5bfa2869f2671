import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CertificatePage, CertificateResource } from '@vcc-pki/api';
import { assertProblem } from '../support/assert-problem.ts';
import type { Answer } from '../support/call-api.ts';
import { allowService, configureAll, setKeys } from '../support/configure.ts';
import { dayMs, hourMs, manualClock } from '../support/manual-clock.ts';
import { describeOverDatabases } from '../support/over-databases.ts';
import { newRequest } from '../support/running-pki.ts';

const path = '/api/v1/certificates/';

describeOverDatabases('quotas and rates', (startPki) => {
  const clock = manualClock();
  const shared = startPki({
    clock,
    configure: configureAll(
      allowService('small', 'max_certificates: 1'),
      allowService('slow', 'max_certificates: 20', 'rate_limit_certs_per_hour: 2'),
      allowService('busy', 'max_certificates: 100', 'rate_limit_certs_per_hour: 40'),
      setKeys({ rate_limit_certs_per_hour: 40, global_rate_limit_certs_per_hour: 40 }),
    ),
  });

  async function request(service: string, body: Readonly<Record<string, unknown>> = {}): Promise<Answer> {
    const { csr } = await newRequest();
    return shared().call('POST', `${path}request`, { body: { service_name: service, csr, ...body } });
  }
  async function renew(id: string): Promise<Answer> {
    const { csr } = await newRequest();
    return shared().call('POST', `${path}${id}/renew`, { body: { csr } });
  }
  const responderCertificates = async (): Promise<number> => {
    const page = await shared().call('GET', `${path}?service=pki-ocsp&limit=500`);
    return (page.json() as CertificatePage).items.length;
  };
  const revoke = (id: string): Promise<Answer> => shared().call('DELETE', `${path}${id}/revoke?reason=superseded`);
  const resource = (answer: Answer): CertificateResource => {
    assert.equal(answer.status, 201, answer.text);
    return answer.json() as CertificateResource;
  };

  test('the quota is full: 409 names the certificate to give up, and giving it up makes room', async () => {
    const first = resource(await request('test-quota'));
    const refused = await request('test-quota');
    assertProblem(refused, 'quotaExceeded');
    assert.equal(refused.body['drop_candidate'], first.certificate_id);
    assert.equal((await revoke(first.certificate_id)).status, 200);
    resource(await request('test-quota'));
  });

  test('an expired certificate makes room by itself', async () => {
    resource(await request('test-expired', { validity_hours: 1 }));
    assertProblem(await request('test-expired'), 'quotaExceeded');
    clock.advance(hourMs + 1000);
    resource(await request('test-expired'));
  });

  test('a renewal overlaps: both certificates work, one above the quota, and no more than one', async () => {
    const pki = shared();
    const first = await pki.issueFor('small');
    clock.advance(1000);
    const renewed = resource(await renew('small'));
    assert.equal(renewed.replaces, first.certificateId);
    assert.equal(renewed.drop_candidate, first.certificateId);
    const old = await pki.call('GET', `${path}${first.certificateId}`, { as: first });
    const { status, replaced_by } = old.json() as CertificateResource;
    assert.deepEqual([status, replaced_by], ['active', renewed.certificate_id]);
    assert.equal(
      ((await pki.call('GET', `${path}small`)).json() as CertificateResource).certificate_id,
      renewed.certificate_id,
    );

    assertProblem(await renew('small'), 'quotaExceeded');
    assertProblem(await request('small'), 'quotaExceeded');
    await revoke(first.certificateId);
    assert.equal(resource(await renew('small')).drop_candidate, renewed.certificate_id);
  });

  test('a renewal keeps the names, takes a new key, and is refused for what is over', async () => {
    const first = resource(
      await request('covina-backend', { san_dns: ['localhost'], san_ip: ['127.0.0.7'], profile: 'server' }),
    );
    const renewed = resource(await renew(first.certificate_id));
    const { san_dns, san_ip, san_uri, common_name, profile } = first;
    assert.deepEqual(
      [renewed.san_dns, renewed.san_ip, renewed.san_uri, renewed.common_name, renewed.profile],
      [san_dns, san_ip, san_uri, common_name, profile],
    );
    assert.notEqual(renewed.serial_number, first.serial_number);
    await revoke(first.certificate_id);
    assertProblem(await renew(first.certificate_id), 'certificateNotActive');
    const shortLived = resource(await request('covina-backend', { validity_hours: 1 }));
    clock.advance(hourMs + 1000);
    assertProblem(await renew(shortLived.certificate_id), 'certificateNotActive');
    assertProblem(await renew('vpb-backend'), 'notFound');
  });

  test('the rate of a service: 429 says when to come back, and then there is one', async () => {
    resource(await request('slow'));
    resource(await request('slow'));
    const refused = await request('slow');
    assertProblem(refused, 'rateLimited');
    const seconds = Number(refused.headers['retry-after']);
    assert.equal(refused.body['retry_after_seconds'], seconds);
    assert.ok(seconds > 0 && seconds <= 1800, `${seconds}`);
    clock.advance((seconds - 1) * 1000);
    assertProblem(await request('slow'), 'rateLimited');
    clock.advance(1000);
    resource(await request('slow'));
    assertProblem(await request('slow'), 'rateLimited');
  });

  test('the first renewal inside its window is free of the rate, the second is not', async () => {
    clock.advance(hourMs);
    const { certificate_id: id, renewal_info } = resource(await request('slow', { validity_days: 20 }));
    resource(await request('slow'));
    assertProblem(await renew(id), 'rateLimited');
    clock.advance(Date.parse(renewal_info.suggested_window.start) - clock.now());
    resource(await request('slow'));
    resource(await request('slow'));
    assertProblem(await request('slow'), 'rateLimited');
    resource(await renew(id));
    assertProblem(await renew(id), 'rateLimited');
  });

  test('the rate of all services together: 429 for whoever comes next', async () => {
    clock.advance(hourMs);
    let answer = await request('busy');
    let issued = 0;
    for (; answer.status === 201; answer = await request('busy')) {
      issued += 1;
      // What the server makes for itself, here the certificate of its OCSP responder, takes nothing from services,
      if (issued === 20) await shared().restart();
    }
    assertProblem(answer, 'rateLimited');
    assert.equal(issued, 40);
    // and is not stopped by them: an hour in which everybody comes leaves the house with OCSP and TLS.
    const before = await responderCertificates();
    await shared().restart();
    assert.equal(await responderCertificates(), before + 1);
    clock.advance(hourMs / 40);
    resource(await request('veritas-backend'));
    // One unit of the house was left, and "busy" has its own back.
    assertProblem(await request('busy'), 'rateLimited');
  });

  test('a service that comes in a crowd gets what its quota holds, and no more', async () => {
    clock.advance(dayMs);
    const answers = await Promise.all(Array.from({ length: 12 }, () => request('vpb-backend')));
    assert.equal(answers.filter(({ status }) => status === 201).length, 3);
    for (const refused of answers.filter(({ status }) => status !== 201)) assertProblem(refused, 'quotaExceeded');
  });
});
