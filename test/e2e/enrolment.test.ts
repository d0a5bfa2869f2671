import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { type EnrolmentResource, encodeEnrolmentToken, parseEnrolmentToken, type TokenPage } from '@vcc-pki/api';
import { encodePem } from '@vcc-pki/asn1';
import { signCertificateRequest } from '@vcc-pki/signer';
import { assertProblem } from '../support/assert-problem.ts';
import { auditLog } from '../support/audit-log.ts';
import { configureAll, setKeys } from '../support/configure.ts';
import { createToken, enrol } from '../support/enrol.ts';
import { hourMs, manualClock } from '../support/manual-clock.ts';
import { describeOverDatabases } from '../support/over-databases.ts';
import { newRequest } from '../support/running-pki.ts';

const minuteMs = 60_000;

describeOverDatabases('enrolment', (startPki) => {
  const clock = manualClock();
  const shared = startPki({
    clock,
    configure: configureAll(setKeys({ refusals_per_address_per_minute: 60, rate_limit_certs_per_hour: 1000 })),
  });
  const whatWasRefused = async () => {
    const entries = await auditLog(shared(), '&action=enrol');
    return entries.filter(({ status }) => status === 'refused').map(({ details }) => `${details['detail']}`);
  };

  test('a newcomer gets its certificate with a token, and talks to the API with it', async () => {
    const created = await createToken(shared(), 'veritas-backend', { comment: 'first host' });
    const token = parseEnrolmentToken(created.token);
    assert.equal(token.serviceId, 'veritas-backend');
    assert.equal(token.tokenId, created.token_id);
    assert.match(token.serverUrl, /^https:\/\/.*:\d+$/);
    const root = new X509Certificate(shared().rootPem);
    assert.equal(token.rootSha256, createHash('sha256').update(root.raw).digest('hex'));
    const { key, csr } = await newRequest();
    const answer = await enrol(shared(), created.token, csr);
    assert.equal(answer.status, 201, answer.text);
    const enrolled = answer.json() as EnrolmentResource;
    assert.equal(enrolled.service_name, 'veritas-backend');
    assert.deepEqual(new X509Certificate(enrolled.root_pem).raw, root.raw);
    assert.deepEqual(enrolled.san_uri, ['spiffe://vcc.local/veritas-backend']);
    const identity = { key, cert: enrolled.certificate_pem + enrolled.chain_pem };
    const shown = await shared().call('GET', '/api/v1/certificates/veritas-backend', { as: identity });
    assert.equal(shown.status, 200, shown.text);
    const page = (await shared().call('GET', '/api/v1/tokens?service=veritas-backend')).json() as TokenPage;
    assert.deepEqual(
      page.items.map(({ status, certificate_id, comment }) => [status, certificate_id, comment]),
      [['used', enrolled.certificate_id, 'first host']],
    );
    const audit = await auditLog(shared(), '&action=enrol');
    assert.deepEqual(audit.at(-1)?.details['token_id'], created.token_id);
  });

  test('the ledger has no secret, and no list shows one', async () => {
    const created = await createToken(shared(), 'covina-backend');
    const { secret } = parseEnrolmentToken(created.token);
    const list = await shared().call('GET', '/api/v1/tokens');
    const audit = await auditLog(shared());
    const { csr } = await newRequest();
    assert.equal((await enrol(shared(), created.token, csr)).status, 201);
    for (const text of [list.text, JSON.stringify(audit), shared().log.join('\n')]) {
      assert.ok(!text.includes(secret) && !text.includes(created.token));
    }
  });

  test('an answer that was lost is given again, to the same key alone and while the token lasts', async () => {
    const { token } = await createToken(shared(), 'covina-backend', { ttl_seconds: 600 });
    const mine = await newRequest();
    const first = await enrol(shared(), token, mine.csr);
    const again = await enrol(shared(), token, mine.csr);
    assert.equal(again.status, 201, again.text);
    assert.equal(again.headers['idempotency-replayed'], 'true');
    assert.deepEqual(again.json(), first.json());
    const other = await newRequest();
    assertProblem(await enrol(shared(), token, other.csr), 'enrolmentRefused');
    clock.advance(10 * minuteMs);
    assertProblem(await enrol(shared(), token, mine.csr), 'enrolmentRefused');
  });

  test('of a crowd with one token, one gets a certificate', async () => {
    const { token } = await createToken(shared(), 'clara-backend');
    const requests = await Promise.all(Array.from({ length: 20 }, () => newRequest()));
    const answers = await Promise.all(requests.map(({ csr }) => enrol(shared(), token, csr)));
    const codes = answers.map(({ status }) => status).sort();
    assert.deepEqual(codes, [201, ...Array.from({ length: 19 }, () => 403)]);
    clock.advance(minuteMs);
  });

  test('whatever is wrong with a token, the answer is the same, and the audit log knows', async () => {
    const pki = shared();
    const { csr } = await newRequest();
    const good = parseEnrolmentToken((await createToken(pki, 'clara-backend')).token);
    const revoked = await createToken(pki, 'clara-backend');
    await pki.call('DELETE', `/api/v1/tokens/${revoked.token_id}`);
    const late = await createToken(pki, 'clara-backend', { ttl_seconds: 60 });
    const bound = await createToken(pki, 'clara-backend', { csr_key_sha256: 'ab'.repeat(32) });
    clock.advance(minuteMs);
    const guess = { ...good, secret: Buffer.alloc(32).toString('base64url') };
    const cases = [
      ['the secret is wrong', encodeEnrolmentToken(guess)],
      ['there is no such token', encodeEnrolmentToken({ ...good, tokenId: `tok_${'0'.repeat(32)}` })],
      ['the token was altered', encodeEnrolmentToken({ ...good, serviceId: 'veritas-backend' })],
      ['the token is revoked', revoked.token],
      ['the token has run out', late.token],
      ['the token is for another key', bound.token],
    ] as const;
    const before = (await whatWasRefused()).length;
    const answers = [];
    for (const [, token] of cases) answers.push(await enrol(pki, token, csr));
    for (const answer of answers) {
      assertProblem(answer, 'enrolmentRefused');
      const { request_id: _, ...rest } = answer.body;
      const { request_id: __, ...first } = answers[0]?.body ?? {};
      assert.deepEqual(rest, first);
    }
    assert.deepEqual(
      (await whatWasRefused()).slice(before),
      cases.map(([reason]) => reason),
    );
  });

  test('a token may be bound to names and to a key', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const csr = encodePem('CERTIFICATE REQUEST', await signCertificateRequest(privateKey));
    const names = { dns: ['clara-backend.vcc.local'], ip: ['127.0.0.1'] };
    const { token } = await createToken(shared(), 'clara-backend', {
      ...names,
      csr_key_sha256: createHash('sha256')
        .update(publicKey.export({ type: 'spki', format: 'der' }))
        .digest('hex'),
    });
    const answer = await enrol(shared(), token, csr, { validity_hours: 24 });
    assert.equal(answer.status, 201, answer.text);
    const enrolled = answer.json() as EnrolmentResource;
    assert.deepEqual([enrolled.san_dns, enrolled.san_ip], [names.dns, names.ip]);
    assert.equal(enrolled.common_name, 'clara-backend.vcc.local');
  });

  test('a CSR with a name beyond those of the token is refused, and the token stays good', async () => {
    const { token } = await createToken(shared(), 'vpb-backend', { dns: ['vpb-backend.vcc.local'] });
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const request = async (commonName: string) =>
      encodePem(
        'CERTIFICATE REQUEST',
        await signCertificateRequest(privateKey, [{ type: 'commonName', value: commonName }]),
      );
    // The whitelist would allow it.
    assertProblem(await enrol(shared(), token, await request('localhost')), 'rejectedIdentifier');
    assertProblem(await enrol(shared(), token, 'bm9uZQ=='), 'badCSR');
    assert.equal((await enrol(shared(), token, await request('vpb-backend.vcc.local'))).status, 201);
  });

  test('only an administrator makes tokens, and only ones that can be used', async () => {
    const pki = shared();
    const service = await pki.issueFor('vpb-backend');
    const path = '/api/v1/tokens';
    const body = { service_name: 'vpb-backend' };
    assertProblem(await pki.call('POST', path, { body, as: service }), 'forbidden');
    assertProblem(await pki.call('GET', path, { as: service }), 'forbidden');
    assertProblem(await pki.call('POST', path, { body, as: null }), 'unauthorized');
    const refused = async (change: object, code: Parameters<typeof assertProblem>[1], field?: string) =>
      assertProblem(await pki.call('POST', path, { body: { ...body, ...change } }), code, field);
    await refused({ service_name: 'nobody-knows' }, 'forbidden', 'service_name');
    await refused({ dns: ['vpb-backend', 'other.example'] }, 'rejectedIdentifier', 'dns[1]');
    await refused({ ip: ['203.0.113.7'] }, 'rejectedIdentifier', 'ip[0]');
    await refused({ ip: ['1.2.3'] }, 'malformed', 'ip[0]');
    await refused({ ttl_seconds: 8 * 86_400 }, 'malformed', 'ttl_seconds');
    await refused({ server_url: 'http://pki.vcc.local' }, 'malformed', 'server_url');
    const unknown = `${path}/tok_${'9'.repeat(32)}`;
    assertProblem(await pki.call('DELETE', unknown), 'notFound');
  });

  test('guessing is slowed down, and others are not', async () => {
    clock.advance(hourMs);
    const { token } = await createToken(shared(), 'covina-ingestion');
    const { csr } = await newRequest();
    let answer = await enrol(shared(), 'vcc1.e30', csr);
    for (let tries = 1; answer.status !== 429; tries++) {
      assert.ok(tries <= 61, 'never slowed down');
      assertProblem(answer, 'malformed', 'token');
      answer = await enrol(shared(), 'vcc1.e30', csr);
    }
    assertProblem(answer, 'rateLimited');
    const wait = Number(answer.headers['retry-after']);
    assert.ok(wait >= 1 && wait <= 60, String(wait));
    assertProblem(await enrol(shared(), token, csr), 'rateLimited');
    clock.advance(wait * 1000);
    assert.equal((await enrol(shared(), token, csr)).status, 201);
  });
});
