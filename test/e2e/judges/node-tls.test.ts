import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { connect, createServer, type TLSSocket } from 'node:tls';
import type { Identity } from '../../support/call-api.ts';
import type { Lifetime } from '../../support/lifetime.ts';
import { publishedCrls, publishedCrlsWith } from '../../support/published-crls.ts';
import { type RunningPki, runningPki } from '../../support/running-pki.ts';

/** One end of mTLS: who it is, whom it trusts, and what is revoked as far as it knows. */
interface End extends Identity {
  readonly ca: string;
  readonly crl: string[];
}

async function endOf(pki: RunningPki, identity: Identity, crls = publishedCrls(pki)): Promise<End> {
  const { pem } = await crls;
  return { cert: identity.cert, key: identity.key, ca: pki.rootPem, crl: [pem.root, pem.intermediate] };
}

/** A service that tells its clients whom Node takes them for, or why it does not trust them. @returns its port */
async function serve(t: Lifetime, end: End): Promise<number> {
  const server = createServer({ ...end, requestCert: true, rejectUnauthorized: false });
  server.on('secureConnection', (socket) => {
    socket.end(String(socket.authorized ? socket.getPeerCertificate().subjectaltname : socket.authorizationError));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

/** What the client heard, and whom it takes the service for. */
async function greet(port: number, end: End): Promise<{ peer: string; heard: string }> {
  const socket: TLSSocket = connect({ ...end, port, host: '127.0.0.1', servername: 'localhost' });
  await once(socket, 'secureConnect');
  const peer = socket.getPeerCertificate().subjectaltname ?? '';
  let heard = '';
  for await (const chunk of socket.setEncoding('utf8')) heard += chunk;
  return { peer, heard };
}

test('two services talk mTLS with Node alone, until one is revoked', async (t) => {
  const pki = await runningPki(t);
  const body = { san_dns: ['localhost'] };
  const veritas = await pki.issueFor('veritas-backend', { body });
  const covina = await pki.issueFor('covina-backend', { keyType: 'Ed25519', body });

  const port = await serve(t, await endOf(pki, covina));
  const { peer, heard } = await greet(port, await endOf(pki, veritas));
  assert.match(peer, /URI:spiffe:\/\/vcc\.local\/covina-backend$/);
  assert.match(heard, /URI:spiffe:\/\/vcc\.local\/veritas-backend$/);

  await pki.call('DELETE', `/api/v1/certificates/${veritas.certificateId}/revoke`, { body: { reason: 'superseded' } });
  const { serial_number } = veritas.answer.json() as { serial_number: string };
  const crls = publishedCrlsWith(pki, serial_number);

  const strict = await serve(t, await endOf(pki, covina, crls));
  assert.equal((await greet(strict, await endOf(pki, veritas, crls))).heard, 'CERT_REVOKED');
  const revoked = await serve(t, await endOf(pki, veritas, crls));
  await assert.rejects(greet(revoked, await endOf(pki, covina, crls)), { code: 'CERT_REVOKED' });
});
