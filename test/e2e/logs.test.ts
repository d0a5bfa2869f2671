import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { newRequest, runningPki } from '../support/running-pki.ts';

const path = '/api/v1/certificates/';

test('the log says who asked for what and how it ended, and holds no secret', async (t) => {
  const pki = await runningPki(t);
  const veritas = await pki.issueFor('veritas-backend');
  const { key, csr } = await newRequest();
  const begin = pki.log.length;
  const headers = {
    'idempotency-key': 'key-in-a-header',
    authorization: 'Bearer token-in-a-header',
    cookie: 'a=cookie',
  };
  const body = { service_name: 'veritas-backend', csr, metadata: { note: 'text-in-metadata' } };
  await pki.call('POST', `${path}request`, { as: veritas, body, headers });
  const refused = await pki.call('POST', `${path}request`, {
    as: veritas,
    body: { ...body, service_name: 'covina-backend' },
  });
  await pki.call('POST', `${path}request`, { as: veritas, body: { ...body, csr: key } });
  await pki.call('POST', `${path}request`, { as: veritas, body: `{"csr": "${key}` });
  await pki.call('GET', path, { as: null });
  await pki.restart();

  const lines = pki.log.map((line) => JSON.parse(line) as Record<string, unknown>);
  for (const line of lines) {
    assert.match(`${line['time']}`, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.equal(typeof line['msg'], 'string');
  }
  const requests = lines.slice(begin).filter(({ msg }) => msg === 'request');
  const seen = requests.map(({ method, url, status, requester, problem }) => [method, url, status, requester, problem]);
  assert.deepEqual(seen.slice(0, 5), [
    ['POST', `${path}request`, 201, 'veritas-backend', undefined],
    ['POST', `${path}request`, 403, 'veritas-backend', 'forbidden'],
    ['POST', `${path}request`, 400, 'veritas-backend', 'badCSR'],
    ['POST', `${path}request`, 400, 'veritas-backend', 'malformed'],
    ['GET', path, 401, undefined, 'unauthorized'],
  ]);
  const ids = requests.map(({ reqId }) => reqId);
  assert.equal(new Set(ids).size, ids.length);
  assert.equal(ids[1], refused.body['request_id'], 'the problem names the line');
  const { fingerprint_sha256 } = veritas.answer.json() as { fingerprint_sha256: string };
  assert.equal(requests[0]?.['fingerprint'], fingerprint_sha256);
  assert.ok(requests.every(({ ms, ip }) => typeof ms === 'number' && `${ip}`.endsWith('127.0.0.1')));

  const text = pki.log.join('\n');
  const secrets = [
    new TextDecoder().decode(pki.passphrase),
    ...['-----BEGIN', 'key-in-a-header', 'token-in-a-header', 'cookie', 'text-in-metadata'],
    ...[key, csr, veritas.key, veritas.certificatePem, pki.admin.key].map((pem) => pem.split('\n')[1]!),
    (await readFile(join(pki.directory, 'server/pki_server_key.pem'), 'utf8')).split('\n')[1]!,
  ];
  for (const secret of secrets) assert.ok(!text.includes(secret), `the log holds ${secret}`);
});

test('a failure of ours is in the log with its cause, and in the answer without', async (t) => {
  const pki = await runningPki(t, {
    server: {
      faultPoint: (label) => {
        if (label === 'after-signature') throw new Error('the disk at /var/lib/secret is full');
      },
    },
  });
  const { csr } = await newRequest();
  const answer = await pki.call('POST', `${path}request`, { body: { service_name: 'veritas-backend', csr } });
  assert.equal(answer.status, 500);
  assert.equal(answer.body['code'], 'serverInternal');
  assert.doesNotMatch(answer.text, /disk|secret|Error|\.ts/);
  const ofRequest = pki.log.map((line) => JSON.parse(line)).filter(({ reqId }) => reqId === answer.body['request_id']);
  const failure = ofRequest.find(({ level }) => level === 50);
  assert.match(failure.err.message, /the disk/);
});
