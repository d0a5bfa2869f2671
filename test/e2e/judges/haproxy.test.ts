import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Answer, callApi, type Identity } from '../../support/call-api.ts';
import { haproxyServer } from '../../support/haproxy-server.ts';
import { ocspClient } from '../../support/ocsp-client.ts';
import { publishedCrls, publishedCrlsWith } from '../../support/published-crls.ts';
import { runProgram } from '../../support/run-program.ts';
import { runningPki } from '../../support/running-pki.ts';
import { skipWithout, systemProgram } from '../../support/system-program.ts';

test('HAProxy lets a service in by our certificate, refuses it by our CRL, and staples our OCSP answer', {
  skip: skipWithout('haproxy', 'openssl'),
}, async (t) => {
  const pki = await runningPki(t);
  const covina = await pki.issueFor('covina-backend', { body: { san_dns: ['localhost'] } });
  const veritas = await pki.issueFor('veritas-backend');
  const ca = pki.intermediatePem + pki.rootPem;
  const ask = (port: number, as: Identity | null): Promise<Answer> =>
    callApi(`https://localhost:${port}/`, { method: 'GET', ca: pki.rootPem, as });

  const before = await publishedCrls(pki);
  const clients = { ca, crl: before.pem.root + before.pem.intermediate };
  const responder = ocspClient(pki);
  const { serial_number: covinaSerial } = covina.answer.json() as { serial_number: string };
  // HAProxy looks its own certificate up by the SHA-1 CertID that OpenSSL makes.
  const { der: ocsp } = await responder.post(responder.request(covinaSerial, { hash: 'sha1' }));
  const open = await haproxyServer(t, { certificate: covina.cert, key: covina.key, ocsp, clients });
  assert.equal((await ask(open, veritas)).text, 'hello veritas-backend');
  await assert.rejects(ask(open, null));
  const { stdout } = await runProgram(
    systemProgram('openssl'),
    ['s_client', '-connect', `127.0.0.1:${open}`, '-servername', 'localhost', '-status', '-CAfile', pki.rootFile],
    { input: '' },
  );
  assert.match(stdout, /OCSP Response Status: successful/);
  assert.match(stdout, /Cert Status: good/);

  const path = `/api/v1/certificates/${veritas.certificateId}/revoke`;
  assert.equal((await pki.call('DELETE', path, { body: { reason: 'key_compromise' } })).status, 200);
  const { serial_number } = veritas.answer.json() as { serial_number: string };
  const after = await publishedCrlsWith(pki, serial_number);
  const closed = await haproxyServer(t, {
    certificate: covina.cert,
    key: covina.key,
    clients: { ca, crl: after.pem.root + after.pem.intermediate },
  });
  await assert.rejects(ask(closed, veritas), /certificate|alert|ECONNRESET|socket/i);
  assert.equal((await ask(closed, await pki.issueFor('vpb-backend'))).text, 'hello vpb-backend');
});
