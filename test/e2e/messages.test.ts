import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { routeList } from '@vcc-pki/api';
import { assertProblem } from '../support/assert-problem.ts';
import type { Answer } from '../support/call-api.ts';
import { createToken, enrol } from '../support/enrol.ts';
import { newRequest } from '../support/running-pki.ts';
import { sharedPki } from '../support/shared-pki.ts';

/** What nobody should have to read: an anchor, a class or a group of a regular expression. */
const regularExpression = /\^|\$$|\[[a-z0-9A-Z]-|\(\?|pattern/;

describe('what a refusal tells people', () => {
  const shared = sharedPki();
  const detailOf = (answer: Answer): string => `${answer.body['detail']}`;
  const adviceOf = (answer: Answer): string => `${answer.body['advice']}`;

  test('a wrong value is answered with what is allowed, in words', async () => {
    const { csr } = await newRequest();
    const request = { service_name: 'test-words', csr };
    const cases: readonly [path: string, body: object, field: string, words: RegExp][] = [
      ['keks', { line: 'Bad Name' }, 'line', /1 to 40 lower-case letters, digits and hyphens/],
      ['tokens', { service_name: 'Bad Name' }, 'service_name', /1 to 63 lower-case letters, digits and hyphens/],
      ['certificates/request', { ...request, san_dns: ['ok', 'not ok'] }, 'san_dns[1]', /letters, digits and hyphens/],
      ['certificates/request', { ...request, metadata: { 'not ok': 'x' } }, 'metadata', /./],
      ['services/register', { service_id: 'test-words', service_name: 'a\u0000b' }, 'service_name', /control/],
    ];
    for (const [path, body, field, words] of cases) {
      const answer = await shared().call('POST', `/api/v1/${path}`, { body });
      assertProblem(answer, 'malformed');
      assert.ok(`${answer.body['field']}`.startsWith(field), answer.text);
      assert.match(detailOf(answer), words);
      assert.doesNotMatch(detailOf(answer), regularExpression);
    }
  });

  test('no path with a wrong part is answered with a regular expression', async () => {
    let asked = 0;
    for (const route of routeList.filter(({ listeners }) => listeners.includes('api'))) {
      if (route.params === undefined || route.auth === 'none') continue;
      const path = route.path.replaceAll(/\{\w+\}/g, 'Not%20Ok');
      const answer = await shared().call(route.method, path, route.body === undefined ? {} : { body: {} });
      assertProblem(answer, 'malformed');
      assert.doesNotMatch(detailOf(answer), regularExpression, path);
      asked += 1;
    }
    assert.ok(asked > 20);
  });

  test('a CSR in neither form is answered with both, on every route that takes one', async () => {
    const pki = shared();
    const { certificateId, certificatePem } = await pki.issueFor('test-forms');
    const { token } = await createToken(pki, 'test-forms');
    const send: readonly ((csr: string) => Promise<Answer>)[] = [
      (csr) => enrol(pki, token, csr),
      (csr) => pki.call('POST', '/api/v1/certificates/request', { body: { service_name: 'test-forms', csr } }),
      (csr) => pki.call('POST', `/api/v1/certificates/${certificateId}/renew`, { body: { csr } }),
    ];
    const pem = (await newRequest()).csr;
    for (const csr of ['not base64!', certificatePem, pem.replace('-----END', ''), pem + pem]) {
      for (const one of send) {
        const answer = await one(csr);
        assertProblem(answer, 'badCSR', 'csr');
        assert.match(detailOf(answer), /PEM block "CERTIFICATE REQUEST", or the base64/);
      }
    }
  });

  test('PEM is taken by curl as a shell gives it: with line breaks escaped, or without any', async () => {
    const pki = shared();
    const { csr } = await newRequest();
    for (const text of [JSON.stringify(csr), `"${csr.replaceAll('\n', '')}"`, `"${csr.replaceAll('\n', ' ')}"`]) {
      const { token } = await createToken(pki, 'test-pem');
      const body = `{"token": "${token}", "csr": ${text}}`;
      const answer = await pki.call('POST', '/api/v1/enroll', { as: null, body });
      assert.equal(answer.status, 201, answer.text);
      const revoked = await pki.call('DELETE', '/api/v1/certificates/test-pem/revoke?reason=superseded');
      assert.equal(revoked.status, 200, revoked.text);
    }
    const { token } = await createToken(pki, 'test-pem');
    const raw = await pki.call('POST', '/api/v1/enroll', { as: null, body: `{"token": "${token}", "csr": "${csr}"}` });
    assertProblem(raw, 'malformed');
    assert.match(adviceOf(raw), /line break .* \\n/);
  });

  test('what is not there is answered with advice about that thing', async () => {
    const cases: readonly [method: string, path: string, advice: RegExp][] = [
      ['GET', 'certificates/test-nobody', /certificate_id/],
      ['GET', 'services/test-nobody', /service_id.*\/api\/v1\/services\//],
      ['DELETE', `tokens/tok_${'0'.repeat(32)}`, /token_id.*\/api\/v1\/tokens/],
      ['GET', 'keks/kek_999', /kek_123.*\/api\/v1\/keks/],
      ['GET', `webhooks/wh_${'0'.repeat(20)}`, /webhook_id.*\/api\/v1\/webhooks/],
      ['GET', 'crl/check/0123', /serial number/],
      ['GET', 'no/such/path', /openapi\.json/],
    ];
    for (const [method, path, advice] of cases) {
      const answer = await shared().call(method, `/api/v1/${path}`);
      assertProblem(answer, 'notFound');
      assert.match(adviceOf(answer), advice, path);
    }
    await shared().call('POST', '/api/v1/keks', { body: { line: 'granted' } });
    const grant = await shared().call('PUT', '/api/v1/keks/granted/grants/not-listed', { body: { grants: ['read'] } });
    assertProblem(grant, 'notFound', 'service_id');
    assert.match(adviceOf(grant), /whitelist/);
  });

  test('what is forbidden is answered with whom to ask for what', async () => {
    const pki = shared();
    const service = await pki.issueFor('veritas-backend');
    const line = await pki.call('POST', '/api/v1/keks', { body: { line: 'words' } });
    assert.equal(line.status, 201, line.text);
    const asService = (method: string, path: string): Promise<Answer> =>
      pki.call(method, `/api/v1/${path}`, { as: service });
    const cases: readonly [answer: Answer, advice: RegExp][] = [
      [await asService('GET', 'audit'), /allowed_operations/],
      [await asService('GET', 'certificates/admin-cli'), /your own/],
      [await asService('GET', 'keks/words'), /kek grant/],
      [await pki.call('POST', '/api/v1/tokens', { body: { service_name: 'not-listed' } }), /whitelist/],
    ];
    for (const [answer, advice] of cases) {
      assertProblem(answer, 'forbidden');
      assert.match(adviceOf(answer), advice, answer.text);
    }
  });
});
