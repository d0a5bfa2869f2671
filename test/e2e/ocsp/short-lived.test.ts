import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { extensionId, findExtension, parseCertificate, verifyCertificationPath } from '@vcc-pki/x509';
import { hourMs } from '../../support/manual-clock.ts';
import { answerOf, ocspClient, onlyDer, serialOf } from '../../support/ocsp-client.ts';
import { newRequest } from '../../support/running-pki.ts';
import { sharedPki } from '../../support/shared-pki.ts';

describe('short-lived certificates (RFC 9608)', () => {
  const pki = sharedPki();
  const body = { profile: 'short-lived' };

  test('one says that no revocation is published, and gives no address of any', async () => {
    const leaf = await pki().issueFor('veritas-backend', { body });
    const { extensions, validity } = parseCertificate(onlyDer(leaf.cert));
    assert.equal(findExtension(extensions, extensionId.noRevAvail)?.critical, false);
    assert.equal(findExtension(extensions, extensionId.cRLDistributionPoints), undefined);
    const access = Buffer.from(findExtension(extensions, extensionId.authorityInfoAccess)?.value ?? []).toString(
      'latin1',
    );
    assert.match(access, /\/ca\/[0-9a-f]{40}\.cer/);
    assert.doesNotMatch(access, /\/ocsp\//);
    // As long as it may be, since nobody asked for less.
    assert.equal(validity.notAfter - validity.notBefore, 24 * hourMs + 60_000);
  });

  test('it is trusted where revocation must be known, since none can be', async () => {
    const leaf = await pki().issueFor('veritas-backend', { body });
    const { revocation } = await verifyCertificationPath({
      endEntity: onlyDer(leaf.cert),
      intermediates: [onlyDer(pki().intermediatePem)],
      trustAnchors: [onlyDer(pki().rootPem)],
      at: Date.now(),
    });
    assert.equal(revocation[0]?.status, 'notRevocable');
  });

  test('it cannot be asked for with a longer validity than the configuration has', async () => {
    const { csr } = await newRequest();
    const order = { service_name: 'covina-backend', csr, ...body };
    const refused = await pki().call('POST', '/api/v1/certificates/request', {
      body: { ...order, validity_hours: 25 },
    });
    assert.equal(refused.status, 400);
    assert.equal(refused.body['code'], 'badValidity');
    const issued = await pki().call('POST', '/api/v1/certificates/request', { body: { ...order, validity_hours: 1 } });
    assert.equal(issued.status, 201, issued.text);
  });

  test('a renewal is short-lived again', async () => {
    const leaf = await pki().issueFor('covina-backend', { body });
    const path = `/api/v1/certificates/${leaf.certificateId}/renew`;
    const renewed = await pki().call('POST', path, { as: leaf, body: { csr: (await newRequest()).csr } });
    assert.equal(renewed.status, 201, renewed.text);
    const certificate = parseCertificate(onlyDer(`${renewed.body['certificate_pem']}`));
    assert.ok(findExtension(certificate.extensions, extensionId.noRevAvail));
  });

  test('when it is revoked this server refuses it all the same, and says so to whoever asks', async () => {
    const leaf = await pki().issueFor('vpb-backend', { body });
    const path = `/api/v1/certificates/${leaf.certificateId}`;
    assert.equal((await pki().call('GET', path, { as: leaf })).status, 200);
    const revoked = await pki().call('DELETE', `${path}/revoke`, { body: { reason: 'keyCompromise' } });
    assert.equal(revoked.status, 200, revoked.text);
    assert.equal((await pki().call('GET', path, { as: leaf })).status, 401);
    assert.equal((await ocspClient(pki()).ask(serialOf(leaf))).status.type, 'revoked');
  });

  test('the profile of the OCSP responder cannot be asked for, nor its certificate renewed', async () => {
    const { csr } = await newRequest();
    const order = { service_name: 'veritas-backend', csr, profile: 'ocsp' };
    const refused = await pki().call('POST', '/api/v1/certificates/request', { body: order });
    assert.equal(refused.status, 400);
    assert.equal(refused.body['code'], 'malformed');

    const listed = await pki().call('GET', '/api/v1/certificates?service=pki-ocsp');
    const [responder] = (listed.json() as { items: { certificate_id: string }[] }).items;
    const path = `/api/v1/certificates/${responder?.certificate_id}/renew`;
    const renewal = await pki().call('POST', path, { body: { csr } });
    assert.equal(renewal.status, 403, renewal.text);
    const { certificates } = answerOf((await ocspClient(pki()).post(ocspClient(pki()).request('41'))).der);
    assert.equal(
      findExtension(parseCertificate(certificates[0] as Uint8Array).extensions, extensionId.subjectAltName),
      undefined,
    );
  });
});
