import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { type Listener, type Route, routeList } from '@vcc-pki/api';
import { request } from 'undici';
import { assertProblem } from '../support/assert-problem.ts';
import type { Answer } from '../support/call-api.ts';
import { sharedPki } from '../support/shared-pki.ts';

describe('the two listeners', () => {
  const shared = sharedPki();
  const openly = (method: string, path: string, rest = {}): Promise<Answer> =>
    shared().call(method, path, { as: null, ...rest });

  async function issuerId(): Promise<string> {
    const answer = await openly('GET', '/api/v1/ca/certificates');
    const { items } = answer.json() as { items: { role: string; issuer_id: string }[] };
    // The one whose CRL has shards.
    return items.find(({ role }) => role === 'intermediate')!.issuer_id;
  }

  async function pathsOf(route: Route): Promise<string[]> {
    const issuer = await issuerId();
    return [route.path, ...(route.aliases ?? [])].map((path) =>
      path.replace('{issuer}', issuer).replace('{id}', 'admin-cli').replace('{serial}', '01').replace('{shard}', '0'),
    );
  }

  const on = (listener: Listener): readonly Route[] => routeList.filter((route) => route.listeners.includes(listener));

  for (const route of on('api')) {
    test(`API: ${route.method} ${route.path} is ${route.auth === 'none' ? 'open' : 'closed to strangers'}`, async () => {
      for (const path of await pathsOf(route)) {
        const answer = await openly(route.method, path, route.body === undefined ? {} : { body: {} });
        // Open to those who send what it asks for; here that is missing where it asks for something.
        if (route.auth === 'none' && route.body !== undefined) assertProblem(answer, 'malformed');
        else if (route.auth === 'none')
          assert.ok(answer.status >= 200 && answer.status < 400, `${path}: ${answer.text}`);
        else assertProblem(answer, 'unauthorized');
      }
    });
  }

  test('public: its routes are open, and it has no other', async () => {
    for (const route of routeList) {
      for (const path of await pathsOf(route)) {
        const { statusCode, body } = await request(`${shared().publicUrl}${path}`, { method: route.method });
        await body.dump();
        const isPublic = route.listeners.includes('public');
        // Which CRLs and answers there are is another test's subject; here nobody may be asked who they are.
        assert.ok(isPublic ? ![401, 403].includes(statusCode) : statusCode === 404, `${path}: ${statusCode}`);
      }
    }
  });

  test('HEAD goes through the same gate as GET', async () => {
    const head = (path: string, as?: null): Promise<number> =>
      shared()
        .call('HEAD', path, as === null ? { as } : {})
        .then(({ status }) => status);
    assert.equal(await head('/api/v1/certificates/admin-cli', null), 401);
    assert.equal(await head('/api/v1/certificates/admin-cli'), 200);
    assert.equal(await head('/health', null), 200);
  });

  test('a method that a path does not have: 405, and Allow names those it has', async () => {
    const methodsOf = new Map<string, string[]>();
    for (const route of on('api').filter(({ operationId }) => operationId !== 'getDocs')) {
      for (const path of await pathsOf(route)) methodsOf.set(path, [...(methodsOf.get(path) ?? []), route.method]);
    }
    for (const [path, own] of methodsOf) {
      const methods = own.includes('GET') ? [...own, 'HEAD'] : own;
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].filter((m) => !methods.includes(m))) {
        const answer = await shared().call(method, path);
        assertProblem(answer, 'methodNotAllowed');
        assert.deepEqual(`${answer.headers['allow']}`.split(', ').sort(), methods.sort(), `${method} ${path}`);
      }
    }
  });

  for (const path of ['/', '/nope', '/api/v1', '/api/v2/health', '/api/v1/certificates/a/b/c', '/api/v1/../../etc']) {
    test(`no such path, with a certificate or without: 404 (${path})`, async () => {
      assertProblem(await shared().call('GET', path), 'notFound');
      assertProblem(await openly('GET', path), 'notFound');
    });
  }

  test('a URL that is none is a problem like all others', async () => {
    assertProblem(await shared().call('GET', '/api/v1/certificates/%ZZ'), 'malformed');
    assertProblem(await shared().call('GET', `/api/v1/certificates/${'a'.repeat(143)}`), 'malformed', 'id');
    assertProblem(await shared().call('GET', `/api/v1/certificates/${'a'.repeat(500)}`), 'malformed', 'id');
  });

  test('what a body is: 415 for another media type, 413 for too much of it', async () => {
    const path = '/api/v1/certificates/request';
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'multipart/form-data']) {
      const answer = await shared().call('POST', path, { body: '{}', headers: { 'content-type': type } });
      assertProblem(answer, 'unsupportedMediaType');
    }
    const big = JSON.stringify({ service_name: 'admin-cli', csr: 'A'.repeat(140_000) });
    assertProblem(await shared().call('POST', path, { body: big }), 'payloadTooLarge');
  });

  test('what an answer is: 406 when no form of the CRL is acceptable', async () => {
    const crl = (accept: string): Promise<Answer> => openly('GET', '/api/v1/crl', { headers: { accept } });
    assertProblem(await crl('image/png'), 'notAcceptable');
    assertProblem(await crl('text/html, image/*;q=0.5'), 'notAcceptable');
    assert.equal(
      (await crl('application/json;q=0.5, */*;q=0.1')).headers['content-type'],
      'application/json; charset=utf-8',
    );
    assert.equal((await crl('*/*')).headers['content-type'], 'application/pkix-crl');
  });

  test('answers are not sniffed, and not kept where they are about somebody', async () => {
    const { headers } = await shared().call('GET', '/api/v1/certificates/admin-cli');
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['cache-control'], 'no-store');
    const crl = await request(`${shared().publicUrl}/crl/${await issuerId()}.crl`);
    await crl.body.dump();
    assert.match(`${crl.headers['cache-control']}`, /max-age=\d+/);
    const again = await request(`${shared().publicUrl}/crl/${await issuerId()}.crl`, {
      headers: { 'if-none-match': `${crl.headers['etag']}` },
    });
    assert.equal(again.statusCode, 304);
    assert.equal((await again.body.arrayBuffer()).byteLength, 0);
  });
});

describe('TLS of the API listener', () => {
  const shared = sharedPki();

  async function handshake(options: ConnectionOptions): Promise<TLSSocket> {
    const { port, rootPem, admin } = shared();
    const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ca: rootPem, ...admin, ...options });
    await once(socket, 'secureConnect');
    return socket;
  }

  for (const version of ['TLSv1', 'TLSv1.1'] as const) {
    test(`${version} is refused`, async () => {
      const options = { minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' };
      await assert.rejects(handshake(options), { code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' });
    });
  }

  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    test(`${version} is spoken, with forward secrecy`, async () => {
      const socket = await handshake({ minVersion: version, maxVersion: version });
      assert.equal(socket.getProtocol(), version);
      assert.match(`${(socket.getEphemeralKeyInfo() as { type?: string }).type}`, /^(ECDH|DH|TLSGroup)$/);
      socket.destroy();
    });
  }

  test('octets that are no HTTP, and headers beyond all measure, are answered with a problem', async () => {
    const cases = [
      ['not HTTP at all\r\n\r\n', 'malformed', 400],
      [`GET / HTTP/1.1\r\nX: ${'x'.repeat(16_500)}\r\n\r\n`, 'headersTooLarge', 431],
      [`GET /${'x'.repeat(16_500)} HTTP/1.1\r\n\r\n`, 'headersTooLarge', 431],
    ] as const;
    for (const [octets, code, status] of cases) {
      const socket = await handshake({});
      socket.write(octets);
      let text = '';
      for await (const chunk of socket.setEncoding('utf8')) text += chunk;
      const [head, body] = text.split('\r\n\r\n') as [string, string];
      assert.match(head, new RegExp(`^HTTP/1\\.1 ${status} [\\s\\S]*application/problem\\+json`));
      const problem = JSON.parse(body) as Record<string, unknown>;
      assert.deepEqual([problem['code'], problem['status']], [code, status]);
    }
  });

  test('nobody becomes somebody else on an open connection: there is no renegotiation', async () => {
    const socket = await handshake({ maxVersion: 'TLSv1.2' });
    const refused = new Promise<Error | null>((resolve) => {
      socket.once('error', resolve);
      socket.renegotiate({}, resolve);
    });
    assert.ok((await refused) instanceof Error);
    socket.destroy();
  });
});
