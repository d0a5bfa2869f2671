import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CertificatePage, CertificateResource } from '@vcc-pki/api';
import { assertProblem } from '../support/assert-problem.ts';
import type { Answer } from '../support/call-api.ts';
import { dayMs, manualClock } from '../support/manual-clock.ts';
import { describeOverDatabases } from '../support/over-databases.ts';
import { newRequest } from '../support/running-pki.ts';

const path = '/api/v1/certificates/';

describeOverDatabases('Idempotency-Key', (startPki) => {
  const clock = manualClock();
  const shared = startPki({ clock });
  const post = (url: string, key: string, body: object): Promise<Answer> =>
    shared().call('POST', url, { body, headers: { 'idempotency-key': key } });

  async function held(service: string): Promise<number> {
    const answer = await shared().call('GET', `${path}?service=${service}`);
    return (answer.json() as CertificatePage).items.length;
  }

  test('the same request under the same key gets the same answer, and one certificate is made', async () => {
    const { csr } = await newRequest();
    const body = { service_name: 'veritas-backend', csr, metadata: { zone: 'b', area: 'a' } };
    const first = await post(`${path}request`, 'order-1', body);
    assert.equal(first.status, 201, first.text);
    assert.equal(first.headers['idempotency-replayed'], undefined);
    const again = await post(`${path}request`, 'order-1', body);
    assert.equal(again.status, 201);
    assert.equal(again.headers['idempotency-replayed'], 'true');
    assert.equal(again.headers['location'], first.headers['location']);
    assert.deepEqual(again.json(), first.json());
    assert.equal(await held('veritas-backend'), 1);
  });

  test('a renewal is repeated as it was, although the service has another certificate by now', async () => {
    await shared().issueFor('test-renewed');
    const { csr } = await newRequest();
    const first = await post(`${path}test-renewed/renew`, 'renewal-1', { csr });
    assert.equal(first.status, 201, first.text);
    const again = await post(`${path}test-renewed/renew`, 'renewal-1', { csr });
    assert.equal(again.status, 201, again.text);
    assert.deepEqual(again.json(), first.json());
    assert.equal(await held('test-renewed'), 2);
  });

  test('another request under the same key: 422', async () => {
    const [one, other] = [await newRequest(), await newRequest()];
    const body = { service_name: 'covina-backend', csr: one.csr };
    assert.equal((await post(`${path}request`, 'order-2', body)).status, 201);
    assertProblem(await post(`${path}request`, 'order-2', { ...body, csr: other.csr }), 'idempotencyMismatch');
    assertProblem(await post(`${path}request`, 'order-2', { ...body, validity_days: 30 }), 'idempotencyMismatch');
    assertProblem(await post(`${path}covina-backend/renew`, 'order-2', { csr: one.csr }), 'idempotencyMismatch');
  });

  test('the key of one service is nothing to another', async () => {
    const { csr } = await newRequest();
    for (const service of ['clara-backend', 'vpb-backend']) {
      const answer = await post(`${path}request`, 'shared-key', { service_name: service, csr });
      assert.equal(answer.status, 201, answer.text);
      assert.equal((answer.json() as CertificateResource).service_name, service);
      assert.equal(answer.headers['idempotency-replayed'], undefined);
    }
  });

  test('a crowd under one key gets one certificate', async () => {
    const { csr } = await newRequest();
    const body = { service_name: 'covina-ingestion', csr };
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(`${path}request`, 'crowd', body)));
    const ids = new Set<string>();
    for (const answer of answers) {
      if (answer.status === 201) ids.add((answer.json() as CertificateResource).certificate_id);
      else assertProblem(answer, 'conflict');
    }
    assert.equal(ids.size, 1);
    assert.equal(await held('covina-ingestion'), 1);
  });

  test('a refusal is not remembered: the corrected world is asked again', async () => {
    const first = await shared().issueFor('test-refused');
    const { csr } = await newRequest();
    const body = { service_name: 'test-refused', csr };
    assertProblem(await post(`${path}request`, 'order-3', body), 'quotaExceeded');
    await shared().call('DELETE', `${path}${first.certificateId}/revoke?reason=superseded`);
    assert.equal((await post(`${path}request`, 'order-3', body)).status, 201);
  });

  test('a key is forgotten after a day', async () => {
    const { csr } = await newRequest();
    const body = { service_name: 'veritas-frontend', csr };
    await post(`${path}request`, 'order-4', body);
    clock.advance(dayMs + 1000);
    const later = await post(`${path}request`, 'order-4', body);
    assert.equal(later.status, 201);
    assert.equal(later.headers['idempotency-replayed'], undefined);
    assert.equal(await held('veritas-frontend'), 2);
  });

  test('a key that cannot be one is refused', async () => {
    const { csr } = await newRequest();
    for (const key of ['', 'with space', 'x'.repeat(256)]) {
      assertProblem(
        await post(`${path}request`, key, { service_name: 'test-key', csr }),
        'malformed',
        'idempotency-key',
      );
    }
  });
});
