import assert from 'node:assert/strict';
import { createPrivateKey, sign, X509Certificate } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { before, describe, test } from 'node:test';
import type { KekDelivery, KekGroupDelivery, KekResource } from '@vcc-pki/api';
import { generateDeliveryKey, KekError, sealGroupDelivery, verifyGroupDeliveryRequest } from '@vcc-pki/kek';
import { assertProblem } from '../../support/assert-problem.ts';
import { callApi } from '../../support/call-api.ts';
import { allowService } from '../../support/configure.ts';
import { type Call, fetchGroupKey, fetchKek, groupPath, openAnswer, prepareFetch } from '../../support/kek-consumer.ts';
import type { Lifetime } from '../../support/lifetime.ts';
import type { IssuedIdentity, RunningPki } from '../../support/running-pki.ts';
import { sharedPki } from '../../support/shared-pki.ts';

interface Seen {
  readonly path: string;
  readonly sent: string;
  readonly answered: string;
}

/** What a proxy does to what passes. */
interface Tampering {
  readonly request?: (body: string) => string;
  readonly answer?: (body: string) => string | Promise<string>;
}

/**
 * A proxy that ends TLS with a certificate that the service trusts, and goes on as the service: it has the service's own
 * certificate and key for TLS, which is more than any proxy should have. It sees and changes all that passes.
 */
async function tlsProxy(
  t: Lifetime,
  pki: RunningPki,
  parts: { server: IssuedIdentity; client: IssuedIdentity; tampering?: Tampering },
): Promise<{ call: Call; seen: Seen[] }> {
  const seen: Seen[] = [];
  const { server, client, tampering = {} } = parts;
  const forward = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const sent = await textOf(incoming);
    const answer = await callApi(`${pki.apiUrl}${incoming.url}`, {
      ...{ method: `${incoming.method}`, ca: pki.rootPem, as: client },
      ...(sent !== '' && {
        body: tampering.request?.(sent) ?? sent,
        headers: { 'content-type': 'application/json' },
      }),
    });
    seen.push({ path: `${incoming.url}`, sent, answered: answer.text });
    response.writeHead(answer.status, { 'content-type': `${answer.headers['content-type']}` });
    const passed = answer.status === 200 ? ((await tampering.answer?.(answer.text)) ?? answer.text) : answer.text;
    response.end(passed);
  };
  const proxy = createServer({ cert: server.cert, key: server.key }, (incoming, response) => {
    forward(incoming, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  t.after(() => proxy.close());
  const url = `https://localhost:${(proxy.address() as AddressInfo).port}`;
  return { seen, call: (method, path, options) => callApi(`${url}${path}`, { method, ca: pki.rootPem, ...options }) };
}

/** Puts another ephemeral key into the body of a signed request. */
function withKey(publicKey: Uint8Array) {
  return (body: string): string => {
    const parsed = JSON.parse(body) as { request: string };
    const [header, payload, signature] = parsed.request.split('.') as [string, string, string];
    const members = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
    const changed = { ...members, pk: Buffer.from(publicKey).toString('base64url') };
    const swapped = Buffer.from(JSON.stringify(changed)).toString('base64url');
    return JSON.stringify({ ...parsed, request: [header, swapped, signature].join('.') });
  };
}

async function textOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

describe('a proxy that ends TLS', () => {
  const shared = sharedPki(() => ({ configure: allowService('themis', 'keks: { themis-main: [read, write] }') }));
  let themis: IssuedIdentity;
  let proxyIdentity: IssuedIdentity;
  let kek: KekResource;

  before(async () => {
    themis = await shared().issueFor('themis');
    proxyIdentity = await shared().issueFor('veritas-backend', { body: { san_dns: ['localhost'] } });
    kek = (await shared().call('POST', '/api/v1/keks', { body: { line: 'themis-main' } })).json() as KekResource;
  });

  const through = (t: Lifetime, tampering?: Tampering) =>
    tlsProxy(t, shared(), { server: proxyIdentity, client: themis, ...(tampering && { tampering }) });

  test('that listens learns nothing that opens the key', async (t) => {
    const { call, seen } = await through(t);
    const { opened } = await fetchKek(call, { as: themis, kekId: kek.id, kem: 'X-Wing' });
    const direct = await fetchKek(shared().call, { as: themis, kekId: kek.id });
    assert.deepEqual(opened?.root, direct.opened?.root);
    assert.equal(seen.length, 1);
    const all = JSON.stringify(seen);
    for (const form of ['hex', 'base64', 'base64url'] as const) {
      assert.ok(!all.includes(Buffer.from(opened!.root).toString(form)), form);
    }
  });

  test('that puts its own ephemeral key into the request is refused', async (t) => {
    const own = await generateDeliveryKey('X25519');
    const { call, seen } = await through(t, {
      request: withKey(own.publicKey),
    });
    assertProblem((await fetchKek(call, { as: themis, kekId: kek.id })).answer, 'badKekRequest', 'request');
    assert.ok(!seen[0]?.answered.includes('ciphertext'));
  });

  test('that sends a request again is refused, and one of its own signing too', async (t) => {
    const { call, seen } = await through(t);
    await fetchKek(call, { as: themis, kekId: kek.id });
    const repeated = await shared().call('POST', `/api/v1/keks/${kek.id}/open`, {
      as: themis,
      body: seen[0]!.sent,
      headers: { 'content-type': 'application/json' },
    });
    assertProblem(repeated, 'badKekRequest', 'request');
    // With the proxy's own certificate it is another service, and has no grant.
    const foreign = await fetchKek(shared().call, { as: proxyIdentity, kekId: kek.id });
    assertProblem(foreign.answer, 'forbidden');
    // Signed by the proxy, sent over the connection of the service.
    const prepared = await prepareFetch({ as: proxyIdentity, kekId: kek.id });
    const mixed = await shared().call('POST', `/api/v1/keks/${kek.id}/open`, { as: themis, body: prepared.body });
    assertProblem(mixed, 'badKekRequest', 'request');
  });

  test('that changes the answer is found out before the key is used', async (t) => {
    const changes: Record<string, (delivery: KekDelivery) => KekDelivery> = {
      'another state': (delivery) => ({ ...delivery, policy: { ...delivery.policy, state: 'PENDING' } }),
      'more grants': (delivery) => ({ ...delivery, policy: { ...delivery.policy, grants: ['read', 'write', 'seal'] } }),
      'another ciphertext': (delivery) => ({ ...delivery, ciphertext: `A${delivery.ciphertext.slice(1)}A` }),
      'another secret': (delivery) => ({ ...delivery, enc: delivery.enc.slice(2) }),
    };
    for (const [what, change] of Object.entries(changes)) {
      const { call } = await through(t, {
        answer: (body) => JSON.stringify(change(JSON.parse(body) as KekDelivery)),
      });
      await assert.rejects(
        fetchKek(call, { as: themis, kekId: kek.id }),
        (error: unknown) => error instanceof KekError && error.code === 'badDelivery',
        what,
      );
    }
  });

  test('what was delivered for one request does not open for another', async () => {
    const [one, other] = [
      await prepareFetch({ as: themis, kekId: kek.id }),
      await prepareFetch({ as: themis, kekId: kek.id }),
    ];
    const answer = await shared().call('POST', `/api/v1/keks/${kek.id}/open`, { as: themis, body: one.body });
    const delivery = answer.json() as KekDelivery;
    await openAnswer(one, delivery);
    await assert.rejects(openAnswer(other, delivery), KekError);
  });

  describe('in front of a sealed group', () => {
    const name = { line: 'themis-main', tenant: 'acme', group: 'doctors', epoch: 1 };
    before(async () => {
      const { tenant, group } = name;
      await shared().call('POST', `/api/v1/keks/${name.line}/groups`, { body: { tenant, group } });
      await shared().call('PUT', `${groupPath(name)}/members/themis`);
    });

    test('learns nothing that opens the key', async (t) => {
      const { call, seen } = await through(t);
      const { key } = await fetchGroupKey(call, { as: themis, name, kem: 'X-Wing' });
      assert.deepEqual(key, (await fetchGroupKey(shared().call, { as: themis, name })).key);
      const all = JSON.stringify(seen);
      for (const form of ['hex', 'base64', 'base64url'] as const) {
        assert.ok(!all.includes(Buffer.from(key!).toString(form)), form);
      }
    });

    test('is refused with an ephemeral key of its own', async (t) => {
      const own = await generateDeliveryKey('X25519');
      const { call, seen } = await through(t, { request: withKey(own.publicKey) });
      assertProblem((await fetchGroupKey(call, { as: themis, name })).answer, 'badKekRequest', 'request');
      assert.ok(!seen[0]?.answered.includes('ciphertext'));
    });

    test('plants no key that it knows, though it sees all that is sealed for and holds the KEK', async (t) => {
      const certificate = new Uint8Array(new X509Certificate(themis.cert).raw);
      const plant = async (sent: string, answered: string): Promise<string> => {
        const { request } = JSON.parse(sent) as { request: string };
        const delivery = JSON.parse(answered) as KekGroupDelivery;
        const asked = await verifyGroupDeliveryRequest(request, { ...name, certificate, now: Date.now() });
        const planted = await sealGroupDelivery(
          { ...asked, clientCertificate: certificate },
          {
            key: new Uint8Array(32).fill(7),
            policy: delivery.policy,
            sign: async (octets) => new Uint8Array(sign('sha256', octets, createPrivateKey(proxyIdentity.key))),
          },
        );
        const base64url = (octets: Uint8Array): string => Buffer.from(octets).toString('base64url');
        return JSON.stringify({
          ...delivery,
          enc: base64url(planted.enc),
          ciphertext: base64url(planted.ciphertext),
          signature: base64url(planted.signature),
        });
      };
      let sent = '';
      const { call } = await through(t, {
        request: (body) => {
          sent = body;
          return body;
        },
        answer: (body) => plant(sent, body),
      });
      await assert.rejects(
        fetchGroupKey(call, { as: themis, name }),
        (error: unknown) => error instanceof KekError && error.code === 'badDelivery',
      );
    });
  });
});
