import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { ServiceEvent } from '@vcc-pki/api';
import { runProgram } from '../support/run-program.ts';
import { runningPki } from '../support/running-pki.ts';
import { skipWithout, systemProgram } from '../support/system-program.ts';
import { enrolledClient } from './support/two-clients.ts';

const anyNews = { revocation: { whenStale: 'off' } } as const;

test('services find each other, and hear of each other', async (t) => {
  const pki = await runningPki(t);
  const veritas = await enrolledClient(t, pki, 'veritas-backend', anyNews);
  const covina = await enrolledClient(t, pki, 'covina-backend', anyNews);

  await t.test('one registers, at every start if it likes; the other finds it by its id and by its type', async () => {
    const registration = {
      serviceName: 'VERITAS Backend API',
      serviceType: 'backend',
      endpoints: ['https://veritas-backend.vcc.local:45678'],
    };
    const first = await veritas.registerService(registration);
    assert.equal((await veritas.registerService(registration)).revision, first.revision);
    for (const query of ['veritas-backend', { type: 'backend' }] as const) {
      const [found] = await covina.discover(query);
      assert.deepEqual(found?.endpoints, registration.endpoints);
      assert.equal(found?.fingerprint_sha256, veritas.certificate.fingerprintSha256);
      assert.deepEqual(await covina.discover(query), [found]);
    }
    const { certificate_id: id, chain_pem: chain } = await covina.getServiceCertificate('veritas-backend');
    assert.equal(id, veritas.certificate.certificateId);
    assert.equal(veritas.certificate.fullchainPem, veritas.certificate.certificatePem + chain);
    await assert.rejects(covina.discover('clara-backend'), { code: 'notFound' });
  });

  await t.test('a renewal is heard of, also after the feed was lost', async () => {
    const changes: ServiceEvent[] = [];
    const connected = once(covina, 'feedConnected');
    const stop = covina.watch((change) => change && changes.push(change));
    await connected;
    const renewed = async (count: number) => {
      await veritas.renew();
      while (changes.filter(({ change }) => change === 'certificate').length < count) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    await renewed(1);
    const lost = once(covina, 'feedLost');
    const again = once(covina, 'feedConnected');
    await pki.restart();
    await lost;
    await again;
    await renewed(2);
    stop();
    assert.equal(changes.at(-1)?.service_id, 'veritas-backend');
  });
});

test('an answer about its certificate is stapled, and follows a renewal', {
  skip: skipWithout('openssl'),
}, async (t) => {
  const pki = await runningPki(t);
  const veritas = await enrolledClient(t, pki, 'veritas-backend', anyNews);
  const server = createServer(veritas.serverTlsOptions({ clientCertificates: 'none' }));
  t.after(() => server.close());
  veritas.attach(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  for (let round = 0; round < 2; round++) {
    const args = [
      's_client',
      '-connect',
      `127.0.0.1:${port}`,
      '-status',
      '-CAfile',
      pki.rootFile,
      '-verify_return_error',
    ];
    const { stdout } = await runProgram(systemProgram('openssl'), args, { input: '' });
    assert.match(stdout, /OCSP Response Status: successful/);
    assert.match(stdout, /Cert Status: good/);
    const serial = /Serial Number: ([0-9A-F]+)/.exec(stdout)?.[1];
    assert.equal(serial?.toLowerCase(), veritas.certificate.serialNumber);
    assert.ok((veritas.status.stapledUntil ?? 0) > Date.now());
    await veritas.renew();
  }
});
