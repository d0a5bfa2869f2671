import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { request as httpRequest } from 'undici';
import { setKeys } from '../../support/configure.ts';
import { answerOf, ocspClient, onlyDer, serialOf, statusOf } from '../../support/ocsp-client.ts';
import { sharedPki } from '../../support/shared-pki.ts';

/** Requests of some serial numbers whose base64 has each of the troublesome characters. */
function requestsWith(client: ReturnType<typeof ocspClient>, ...characters: readonly string[]): string[] {
  const texts = Array.from({ length: 2000 }, (_, i) =>
    Buffer.from(client.request(`41${i.toString(16).padStart(34, '0')}`)).toString('base64'),
  );
  return characters.map((character) => {
    const found = texts.find((text) => text.includes(character));
    assert.ok(found, `no request with ${character}`);
    return found;
  });
}

describe('OCSP over HTTP', () => {
  const pki = sharedPki();

  test('GET takes base64 raw and percent-encoded, with or without padding, at both addresses', async () => {
    const client = ocspClient(pki());
    for (const base64 of requestsWith(client, '/', '+', '=')) {
      const unpadded = base64.replace(/=+$/, '');
      for (const text of [base64, encodeURIComponent(base64), unpadded, encodeURIComponent(unpadded), `/${base64}`]) {
        for (const path of ['/ocsp', `/ocsp/${client.issuerId}`]) {
          const { status, headers, der } = await client.get(text, { path });
          assert.equal(status, 200, text);
          assert.equal(headers['content-type'], 'application/ocsp-response');
          assert.equal(answerOf(der).responses[0]?.status.type, 'unknown', text);
        }
      }
    }
  });

  test('an answer without a nonce may be cached until its nextUpdate (RFC 9919 s7.2)', async () => {
    const client = ocspClient(pki());
    const serial = serialOf(await pki().issueFor('veritas-backend'));
    const encoded = encodeURIComponent(Buffer.from(client.request(serial)).toString('base64'));
    const before = Date.now();
    const { headers, der } = await client.get(encoded);
    const [single] = answerOf(der).responses;
    const { thisUpdate = 0, nextUpdate = 0 } = single ?? {};
    assert.equal(headers['etag'], `"${createHash('sha256').update(der).digest('hex')}"`);
    assert.equal(headers['last-modified'], new Date(thisUpdate).toUTCString());
    assert.equal(headers['expires'], new Date(nextUpdate).toUTCString());
    assert.ok(headers['date']);
    const form = /^max-age=(\d+), public, no-transform, must-revalidate$/;
    const maxAge = Number(form.exec(`${headers['cache-control']}`)?.[1]);
    assert.ok(maxAge > 12 * 3600 - 5 && before + maxAge * 1000 <= nextUpdate, `${headers['cache-control']}`);

    const again = await client.get(encoded);
    assert.deepEqual(again.der, der);
    const conditional = await client.get(encoded, { headers: { 'if-none-match': `${headers['etag']}` } });
    assert.equal(conditional.status, 304);
    assert.equal(conditional.der.length, 0);
    assert.deepEqual((await client.post(client.request(serial))).der, der);
  });

  test('an answer with a nonce is for one asker alone', async () => {
    const client = ocspClient(pki());
    const serial = serialOf(await pki().issueFor('veritas-backend'));
    const der = client.request(serial, { nonce: new Uint8Array(16) });
    const [first, second] = [await client.post(der), await client.post(der)];
    for (const { headers } of [first, second]) {
      assert.equal(headers['cache-control'], 'no-store');
      assert.equal(headers['etag'], undefined);
    }
    const byGet = await client.get(encodeURIComponent(Buffer.from(der).toString('base64')));
    assert.equal(byGet.headers['cache-control'], 'no-store');
  });

  test('what is no request gets an OCSP error with status 200, never a problem in JSON', async () => {
    const client = ocspClient(pki());
    const address = `${pki().publicUrl}/ocsp/${client.issuerId}`;
    const post = async (body: string | Buffer | null, headers: Record<string, string> = {}) => {
      const response = await httpRequest(address, { method: 'POST', body, headers });
      return { ...response, der: Buffer.from(await response.body.arrayBuffer()) };
    };
    const octets = { 'content-type': 'application/ocsp-request' };
    const answers = [
      await post(null),
      await post('', octets),
      await post('{"not": "der"}', { 'content-type': 'application/json' }),
      await post(Buffer.alloc(8193), octets),
      await post(Buffer.alloc(1_000_000), octets),
      await client.get('').then((answer) => ({ ...answer, statusCode: answer.status })),
      await client.get('%zz').then((answer) => ({ ...answer, statusCode: answer.status })),
      await client.get('no base64').then((answer) => ({ ...answer, statusCode: answer.status })),
      await client.get('A'.repeat(12_000)).then((answer) => ({ ...answer, statusCode: answer.status })),
    ];
    for (const [i, { statusCode, headers, der }] of answers.entries()) {
      assert.equal(statusCode, 200, `${i}`);
      assert.equal(headers['content-type'], 'application/ocsp-response', `${i}`);
      assert.equal(headers['cache-control'], 'no-store', `${i}`);
      assert.equal(statusOf(der), 'malformedRequest', `${i}`);
    }
  });

  test('a request is taken whatever its content type is said to be', async () => {
    const client = ocspClient(pki());
    const types = ['application/octet-stream', 'application/json', 'text/plain'].map((type) => ({
      'content-type': type,
    }));
    for (const headers of [{}, ...types]) {
      const body = Buffer.from(client.request('41'));
      const response = await httpRequest(`${pki().publicUrl}/ocsp`, { method: 'POST', body, headers });
      const said = statusOf(new Uint8Array(await response.body.arrayBuffer()));
      assert.equal(said, 'successful', JSON.stringify(headers));
    }
  });

  test('other methods and other paths are what they are everywhere', async () => {
    const other = await httpRequest(`${pki().publicUrl}/ocsp`, { method: 'PUT' });
    assert.equal(other.statusCode, 405);
    assert.equal(other.headers['allow'], 'GET, HEAD, POST');
    await other.body.dump();
    const elsewhere = await httpRequest(`${pki().publicUrl}/ocspx`);
    assert.equal(elsewhere.statusCode, 404);
    await elsewhere.body.dump();
    assert.equal((await pki().call('POST', '/ocsp', { body: {} })).status, 404);
  });

  test('a path is logged, not what it asks about', async () => {
    const client = ocspClient(pki());
    const encoded = encodeURIComponent(Buffer.from(client.request('4242')).toString('base64'));
    await client.get(encoded);
    assert.ok(pki().log.some((line) => line.includes('"url":"/ocsp"')));
    assert.ok(!pki().log.some((line) => line.includes(encoded)));
  });
});

describe('OCSP switched off', () => {
  const pki = sharedPki(() => ({ configure: setKeys({ enabled: 'false' }) }));

  test('nothing answers, and no certificate names it', async () => {
    const leaf = await pki().issueFor('veritas-backend');
    const client = ocspClient(pki());
    assert.equal((await client.post(client.request(serialOf(leaf)))).status, 404);
    assert.equal(Buffer.from(onlyDer(leaf.cert)).includes('/ocsp/'), false);
    assert.equal(Buffer.from(onlyDer(leaf.cert)).includes('.cer'), true);
  });
});
