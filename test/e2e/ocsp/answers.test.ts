import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { encodeNull, encodeOctetString, toHex } from '@vcc-pki/asn1';
import {
  encodeCertId,
  encodeOcspRequest,
  hashIssuer,
  PathError,
  parseCertificate,
  responderKeyHash,
  serialFromHex,
  verifyCertificationPath,
} from '@vcc-pki/x509';
import { allowService } from '../../support/configure.ts';
import { answerOf, ocspClient, onlyDer, requestWithExtension, serialOf, statusOf } from '../../support/ocsp-client.ts';
import { describeOverDatabases } from '../../support/over-databases.ts';
import type { IssuedIdentity, RunningPki } from '../../support/running-pki.ts';

const hour = 3_600_000;
const service = 'test-ocsp';

/** What a serial number of ours would look like. */
function neverIssued(): string {
  const octets = randomBytes(18);
  octets[0] = 0x41;
  return octets.toString('hex');
}

async function revoke(pki: RunningPki, leaf: IssuedIdentity, reason: string): Promise<void> {
  const answer = await pki.call('DELETE', `/api/v1/certificates/${leaf.certificateId}/revoke`, { body: { reason } });
  assert.equal(answer.status, 200, answer.text);
}

describeOverDatabases('OCSP answers', (startPki) => {
  const pki = startPki({ configure: allowService(service, 'max_certificates: 100') });

  test('an issued certificate is good, whatever hash its CertID has', async () => {
    const leaf = await pki().issueFor(service);
    for (const hash of ['sha1', 'sha256', 'sha384', 'sha512'] as const) {
      const { status, certId } = await ocspClient(pki()).ask(serialOf(leaf), { hash });
      assert.deepEqual(status, { type: 'good' });
      assert.equal(certId.hash, hash);
    }
  });

  test('the judge of certification paths takes the answer, and refuses the path after the revocation', async () => {
    const leaf = await pki().issueFor(service);
    const client = ocspClient(pki());
    const path = async (): Promise<unknown> =>
      verifyCertificationPath({
        endEntity: onlyDer(leaf.cert),
        intermediates: [onlyDer(pki().intermediatePem)],
        trustAnchors: [onlyDer(pki().rootPem)],
        ocspResponses: [(await client.post(client.request(serialOf(leaf)))).der],
        at: Date.now(),
        purpose: 'clientAuth',
      });
    const { revocation } = (await path()) as Awaited<ReturnType<typeof verifyCertificationPath>>;
    assert.equal(revocation[0]?.status, 'good');
    assert.equal(revocation[0]?.sources[0]?.type, 'ocsp');
    await revoke(pki(), leaf, 'key_compromise');
    await assert.rejects(path, (error) => error instanceof PathError && error.code === 'revoked');
  });

  test('the next answer after a revocation says so, with time and reason', async () => {
    const leaf = await pki().issueFor(service);
    const client = ocspClient(pki());
    assert.equal((await client.ask(serialOf(leaf))).status.type, 'good');
    const before = Math.floor(Date.now() / 1000) * 1000;
    await revoke(pki(), leaf, 'superseded');
    const { status, thisUpdate, nextUpdate } = await client.ask(serialOf(leaf));
    assert.ok(status.type === 'revoked');
    assert.equal(status.reason, 'superseded');
    assert.ok(status.revokedAt >= before && status.revokedAt <= Date.now());
    assert.ok(thisUpdate >= status.revokedAt);
    assert.ok((nextUpdate ?? 0) > Date.now());
  });

  test('the reason "unspecified" is said by leaving it out', async () => {
    const leaf = await pki().issueFor(service);
    await revoke(pki(), leaf, 'unspecified');
    const { status } = await ocspClient(pki()).ask(serialOf(leaf));
    assert.ok(status.type === 'revoked');
    assert.equal(status.reason, undefined);
  });

  test('a reason that becomes keyCompromise is told at once', async () => {
    const leaf = await pki().issueFor(service);
    const client = ocspClient(pki());
    for (const reason of ['cessationOfOperation', 'keyCompromise']) {
      await revoke(pki(), leaf, reason);
      const { status } = await client.ask(serialOf(leaf));
      assert.equal(status.type === 'revoked' && status.reason, reason);
    }
  });

  test('a serial number that was never issued is unknown, never good, and not for long', async () => {
    for (const serial of [neverIssued(), '01', `7f${'ff'.repeat(19)}`]) {
      const { status, nextUpdate } = await ocspClient(pki()).ask(serial);
      assert.deepEqual(status, { type: 'unknown' });
      assert.ok((nextUpdate ?? 0) <= Date.now() + 300_000);
    }
  });

  test('an answer names its signer by key, sends the certificate along and has the times of the profile', async () => {
    const leaf = await pki().issueFor(service);
    const client = ocspClient(pki());
    const answer = answerOf((await client.post(client.request(serialOf(leaf)))).der);
    const [certificateDer, ...more] = answer.certificates;
    assert.equal(more.length, 0);
    const certificate = parseCertificate(certificateDer as Uint8Array);
    assert.ok(answer.responderId.type === 'byKey');
    assert.equal(toHex(answer.responderId.keyHash), toHex(responderKeyHash(certificate.subjectPublicKeyInfo.der)));
    assert.equal(answer.extensions.length, 0);
    const [single] = answer.responses;
    const { thisUpdate = 0, nextUpdate = 0 } = single ?? {};
    assert.ok(thisUpdate < answer.producedAt && answer.producedAt <= Date.now());
    assert.equal(nextUpdate - answer.producedAt, 12 * hour);
    assert.ok(nextUpdate < certificate.validity.notAfter);
  });

  test('a nonce of 1 to 128 octets is repeated, in an answer of its own', async () => {
    const leaf = await pki().issueFor(service);
    const client = ocspClient(pki());
    for (const length of [1, 16, 32, 128]) {
      const nonce = new Uint8Array(randomBytes(length));
      const { der } = await client.post(client.request(serialOf(leaf), { nonce }));
      assert.equal(toHex(answerOf(der).nonce ?? new Uint8Array()), toHex(nonce));
    }
    const { der } = await client.post(client.request(serialOf(leaf)));
    assert.equal(answerOf(der).nonce, undefined);
  });

  test('a nonce without octets, or with too many, is malformed (RFC 9654 s2.1)', async () => {
    const client = ocspClient(pki());
    for (const length of [0, 129]) {
      const value = encodeOctetString(new Uint8Array(length));
      const der = requestWithExtension(client.certId(neverIssued()), { id: '1.3.6.1.5.5.7.48.1.2', value });
      assert.equal(statusOf((await client.post(der)).der), 'malformedRequest');
    }
  });

  test('several certificates of one issuer are answered in their order, eleven are not', async () => {
    const [one, two] = [await pki().issueFor(service), await pki().issueFor(service)];
    const client = ocspClient(pki());
    const serials = [serialOf(two), neverIssued(), serialOf(one)];
    const { der } = await client.post(encodeOcspRequest(serials.map((serial) => client.certId(serial))));
    const { responses } = answerOf(der);
    assert.deepEqual(
      responses.map(({ certId, status }) => [toHex(certId.serialNumber), status.type]),
      [
        [serials[0], 'good'],
        [serials[1], 'unknown'],
        [serials[2], 'good'],
      ],
    );
    const eleven = encodeOcspRequest(Array.from({ length: 11 }, () => client.certId(neverIssued())));
    assert.equal(statusOf((await client.post(eleven)).der), 'malformedRequest');
  });

  test('certificates of another issuer are not ours to answer for', async () => {
    const client = ocspClient(pki());
    const root = parseCertificate(onlyDer(pki().rootPem));
    const foreign = encodeCertId(hashIssuer(root, 'sha256'), serialFromHex('01'));
    assert.equal(statusOf((await client.post(encodeOcspRequest([foreign]))).der), 'unauthorized');
    const mixed = encodeOcspRequest([client.certId(neverIssued()), foreign]);
    assert.equal(statusOf((await client.post(mixed)).der), 'unauthorized');
    assert.equal(statusOf((await client.post(mixed, '/ocsp')).der), 'unauthorized');
    // Ours, at the address of another.
    const { der } = await client.post(client.request(neverIssued()), `/ocsp/${'ab'.repeat(20)}`);
    assert.equal(statusOf(der), 'unauthorized');
  });

  test('the plain address answers for any issuer here', async () => {
    const leaf = await pki().issueFor(service);
    const client = ocspClient(pki());
    const { der } = await client.post(client.request(serialOf(leaf)), '/ocsp');
    assert.equal(answerOf(der).responses[0]?.status.type, 'good');
  });

  test('an unknown critical extension is not ignored, an unknown other is', async () => {
    const client = ocspClient(pki());
    const ask = async (critical: boolean): Promise<string> => {
      const der = requestWithExtension(client.certId(neverIssued()), { id: '1.2.3.4', critical, value: encodeNull() });
      return statusOf((await client.post(der)).der);
    };
    assert.equal(await ask(true), 'malformedRequest');
    assert.equal(await ask(false), 'successful');
  });

  test('the responder certificate is in the ledger, and good itself', async () => {
    const client = ocspClient(pki());
    const { certificates } = answerOf((await client.post(client.request(neverIssued()))).der);
    const serial = toHex(parseCertificate(certificates[0] as Uint8Array).serialNumber);
    assert.equal((await client.ask(serial)).status.type, 'good');
    const listed = await pki().call('GET', '/api/v1/certificates?service=pki-ocsp');
    const { items } = listed.json() as { items: { serial_number: string; profile: string }[] };
    assert.ok(items.some((item) => item.serial_number === serial && item.profile === 'ocsp'));
  });

  test('metrics count the answers and what was kept', async () => {
    const leaf = await pki().issueFor(service);
    for (let i = 0; i < 3; i += 1) await ocspClient(pki()).ask(serialOf(leaf));
    const { text } = await pki().call('GET', '/metrics');
    assert.match(text, /^vcc_pki_ocsp_answers_total\{result="good"\} [1-9]/m);
    assert.match(text, /^vcc_pki_ocsp_cache_total\{outcome="hit"\} [1-9]/m);
    assert.match(text, /^vcc_pki_ocsp_responder_not_after_timestamp_seconds\{issuer="VCC Intermediate CA"\} [1-9]/m);
  });
});
