import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { createServer as createTlsServer, type Server, type TLSSocket } from 'node:tls';
import * as grpc from '@grpc/grpc-js';
import type { PKIClient, ServiceTlsContext } from '@vcc-pki/client';
import express from 'express';
import Fastify from 'fastify';
import type { Lifetime } from '../support/lifetime.ts';
import { type RunningPki, runningPki } from '../support/running-pki.ts';
import { enrolledClient } from './support/two-clients.ts';

/** Certificates change under running connections of each kind, and nobody notices. */
describe('a change of certificates under running connections', () => {
  const cleanUps: (() => unknown)[] = [];
  const t: Lifetime = { after: (cleanUp) => cleanUps.push(cleanUp) };
  let pki: RunningPki;
  let veritas: PKIClient;
  let covina: PKIClient;
  let toVeritas: ServiceTlsContext;
  before(async () => {
    pki = await runningPki(t, {
      configure: (_name, text) => text.replaceAll(/max_certificates: 3/g, 'max_certificates: 50'),
    });
    veritas = await enrolledClient(t, pki, 'veritas-backend', { revocation: { whenStale: 'off' } });
    covina = await enrolledClient(t, pki, 'covina-backend', { revocation: { whenStale: 'off' } });
    toVeritas = covina.createTlsContextForService('veritas-backend');
  });
  after(async () => {
    for (const cleanUp of cleanUps.toReversed()) await cleanUp();
  });

  async function listen(server: Server): Promise<number> {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    cleanUps.push(() => server.close());
    return (server.address() as AddressInfo).port;
  }

  /** Calls without a pause while both ends renew twice; every call must succeed. */
  async function callsThroughRenewals(call: () => Promise<string>): Promise<void> {
    let isOver = false;
    let calls = 0;
    const caller = (async () => {
      while (!isOver) {
        assert.equal(await call(), 'covina-backend');
        calls++;
      }
    })();
    for (let i = 0; i < 2; i++) await Promise.all([veritas.renew(), covina.renew()]);
    const atRenewal = calls;
    while (calls < atRenewal + 3) await Promise.race([new Promise((resolve) => setImmediate(resolve)), caller]);
    isOver = true;
    await caller;
  }

  function servedFingerprint(port: number): Promise<string> {
    return toVeritas.connect({ host: '127.0.0.1', port }).then((socket) => {
      const { fingerprint256 } = socket.getPeerCertificate();
      socket.destroy();
      return fingerprint256.replaceAll(':', '').toLowerCase();
    });
  }

  test('node:https, called by fetch on kept connections; the new certificate is on the wire at once', async () => {
    const server = createServer(veritas.serverTlsOptions(), (request, response) => {
      response.end(veritas.peerOf(request)?.serviceId);
    });
    cleanUps.push(veritas.attach(server));
    const port = await listen(server);
    await callsThroughRenewals(async () => (await toVeritas.fetch(`https://127.0.0.1:${port}/`)).text());
    assert.equal(await servedFingerprint(port), veritas.certificate.fingerprintSha256);
  });

  test('node:https without client certificates required, called by node:https with an agent', async () => {
    const server = createServer(veritas.serverTlsOptions({ clientCertificates: 'optional' }), (request, response) => {
      response.end(veritas.peerOf(request)?.serviceId ?? 'nobody');
    });
    cleanUps.push(veritas.attach(server));
    const port = await listen(server);
    const agent = toVeritas.httpsAgent();
    const call = (options: object) =>
      new Promise<string>((resolve, reject) => {
        get({ host: '127.0.0.1', port, path: '/', ...options }, async (response) => {
          resolve((await response.setEncoding('utf8').toArray()).join(''));
        }).once('error', reject);
      });
    await callsThroughRenewals(() => call({ agent }));
    assert.equal(await call({ ca: pki.rootPem, servername: 'veritas-backend.vcc.local', agent: false }), 'nobody');
  });

  test('Fastify', async () => {
    const app = Fastify({ https: veritas.serverTlsOptions() });
    app.get('/', (request) => veritas.peerOf(request.raw)?.serviceId);
    await app.ready();
    cleanUps.push(veritas.attach(app.server));
    const port = Number(new URL(await app.listen({ host: '127.0.0.1', port: 0 })).port);
    cleanUps.push(() => app.close());
    await callsThroughRenewals(async () => (await toVeritas.fetch(`https://127.0.0.1:${port}/`)).text());
  });

  test('Express', async () => {
    const app = express();
    app.get('/', (request, response) => {
      response.send(veritas.peerOf(request)?.serviceId);
    });
    const server = createServer(veritas.serverTlsOptions(), app);
    cleanUps.push(veritas.attach(server));
    const port = await listen(server);
    const dispatcher = toVeritas.dispatcher({ pipelining: 1, connections: 2 });
    await callsThroughRenewals(async () => {
      const { body } = await dispatcher.request({ origin: `https://127.0.0.1:${port}`, path: '/', method: 'GET' });
      return body.text();
    });
  });

  test('node:tls: one connection lives through all of it', async () => {
    const server = createTlsServer(veritas.serverTlsOptions(), (socket: TLSSocket) => {
      socket.on('data', () => socket.write(`${veritas.peerOf(socket)?.serviceId}`));
      socket.on('error', () => {});
    });
    cleanUps.push(veritas.attach(server));
    const socket = await toVeritas.connect({ host: '127.0.0.1', port: await listen(server) });
    await callsThroughRenewals(async () => {
      socket.write('who am I?');
      return String((await once(socket, 'data'))[0]);
    });
    socket.destroy();
  });

  test('gRPC, server and channel', async () => {
    const { experimental } = grpc;
    const path = '/test.Echo/WhoAmI';
    const text = (value: string) => Buffer.from(value);
    const method = {
      path,
      requestStream: false,
      responseStream: false,
      ...{ requestSerialize: text, requestDeserialize: String, responseSerialize: text, responseDeserialize: String },
    };
    const server = new grpc.Server();
    server.addService(
      { whoAmI: method },
      {
        whoAmI: (call: grpc.ServerUnaryCall<string, string>, callback: grpc.sendUnaryData<string>) => {
          const raw = call.getAuthContext().sslPeerCertificate?.raw;
          callback(null, raw && veritas.checkPeer(raw).serviceId);
        },
      },
    );
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync(
        '127.0.0.1:0',
        experimental.createCertificateProviderServerCredentials(
          veritas.grpcCertificates,
          veritas.grpcCertificates,
          true,
        ),
        (error, bound) => (error ? reject(error) : resolve(bound)),
      );
    });
    cleanUps.push(() => server.forceShutdown());
    const { certificates, checkServerIdentity } = toVeritas;
    const credentials = experimental.createCertificateProviderChannelCredentials(certificates, certificates, {
      checkServerIdentity,
    });
    const client = new grpc.Client(`localhost:${port}`, credentials);
    cleanUps.push(() => client.close());
    const call = () =>
      new Promise<string>((resolve, reject) => {
        client.makeUnaryRequest(path, text, String, 'hello', (error, value) =>
          error ? reject(error) : resolve(`${value}`),
        );
      });
    await callsThroughRenewals(call);
    const another = new grpc.Client(`localhost:${port}`, credentials, { 'grpc.use_local_subchannel_pool': 1 });
    cleanUps.push(() => another.close());
    await new Promise((resolve, reject) => {
      another.waitForReady(Date.now() + 5000, (error) => (error ? reject(error) : resolve(undefined)));
    });
  });

  test('a service that answers where another was meant is refused, by every way to call it', async () => {
    const server = createServer(veritas.serverTlsOptions(), (_request, response) => response.end('hello'));
    cleanUps.push(veritas.attach(server));
    const url = `https://127.0.0.1:${await listen(server)}/`;
    const toClara = covina.createTlsContextForService('clara-backend');
    const isWrongPeer = (error: unknown): boolean =>
      error instanceof Error && (('code' in error && error.code === 'wrongPeer') || isWrongPeer(error.cause));
    await assert.rejects(toClara.fetch(url), isWrongPeer);
    await assert.rejects(once(get(url, { agent: toClara.httpsAgent() }), 'response'), isWrongPeer);
    await assert.rejects(toVeritas.fetch(url.replace('https', 'http')), (error: Error) =>
      String(error.cause).includes('TLS'),
    );
  });

  test('only services that are allowed get in', async () => {
    const server = createServer(veritas.serverTlsOptions(), (_request, response) => response.end('hello'));
    cleanUps.push(veritas.attach(server, { allowedServices: ['clara-backend'] }));
    const refused = once(veritas, 'peerRefused') as Promise<[Error & { code: string }]>;
    await assert.rejects(toVeritas.fetch(`https://127.0.0.1:${await listen(server)}/`));
    assert.equal((await refused)[0].code, 'wrongPeer');
  });
});
