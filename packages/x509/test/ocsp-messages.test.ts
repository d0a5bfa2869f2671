// OCSP requests and responses: built here and read by openssl, made by openssl and read here, and hostile ones.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DerError, encodePem, encodeSequence, toHex } from '@vcc-pki/asn1';
import {
  buildTbsResponseData,
  encodeCertId,
  encodeExtKeyUsage,
  encodeOcspErrorResponse,
  encodeOcspNoCheck,
  encodeOcspNonce,
  encodeOcspRequest,
  encodeOcspResponse,
  hashIssuer,
  isIssuedBy,
  keyPurposeId,
  type OcspErrorStatus,
  ocspErrorStatuses,
  ocspExtensionId,
  parseCertificate,
  parseOcspNonce,
  parseOcspRequest,
  parseOcspResponse,
  responderKeyHash,
  X509Error,
} from '@vcc-pki/x509';
import fc from 'fast-check';
import { OpensslFolder } from './support/openssl.ts';
import { now, serialOf, TestCa } from './support/test-ca.ts';

const root = TestCa.root();
const leaf = root.issue({ notBefore: Date.now() - 100_000, notAfter: Date.now() + 100_000_000 });
const issuer = parseCertificate(root.der);
const hashes = ['sha1', 'sha256'] as const;
const nonce = Uint8Array.from({ length: 32 }, (_, i) => i);

test('a request is read as it was written', () => {
  for (const hash of [...hashes, 'sha384', 'sha512'] as const) {
    const certId = encodeCertId(hashIssuer(issuer, hash), serialOf(leaf));
    const request = parseOcspRequest(encodeOcspRequest([certId], { nonce }));
    assert.deepEqual(request.nonce, nonce);
    assert.equal(request.isSigned, false);
    assert.equal(request.requests.length, 1);
    const [single] = request.requests;
    assert.deepEqual(single?.certId.der, certId);
    assert.deepEqual(single?.certId.serialNumber, serialOf(leaf));
    assert.ok(single && isIssuedBy(single.certId, hashIssuer(issuer, hash)));
    assert.equal(isIssuedBy(single.certId, hashIssuer(parseCertificate(leaf.der), hash)), false);
    assert.equal(parseOcspRequest(encodeOcspRequest([certId, certId])).nonce, undefined);
  }
});

test('a response is read as it was written', () => {
  const certId = encodeCertId(hashIssuer(issuer, 'sha256'), serialOf(leaf));
  const statuses = [
    { type: 'good' },
    { type: 'unknown' },
    { type: 'revoked', revokedAt: now },
    { type: 'revoked', revokedAt: now, reason: 'superseded' },
  ] as const;
  const tbsResponseData = buildTbsResponseData({
    responderKeyHash: responderKeyHash(root.key.spki),
    producedAt: now,
    responses: statuses.map((status, i) => ({
      certId,
      status,
      thisUpdate: now,
      ...(i > 0 && { nextUpdate: now + 1000 }),
    })),
    extensions: [{ id: ocspExtensionId.nonce, critical: false, value: encodeOcspNonce(nonce) }],
  });
  const parsed = parseOcspResponse(
    encodeOcspResponse({
      tbsResponseData,
      signatureAlgorithm: root.key.algorithm,
      signature: root.key.sign(tbsResponseData),
      certificates: [leaf.der, root.der],
    }),
  );
  assert.equal(parsed.status, 'successful');
  const { response } = parsed as Extract<typeof parsed, { status: 'successful' }>;
  assert.deepEqual(response.tbsDer, tbsResponseData);
  assert.deepEqual(response.responderId, { type: 'byKey', keyHash: responderKeyHash(root.key.spki) });
  assert.deepEqual(
    response.responses.map(({ status }) => status),
    statuses,
  );
  assert.deepEqual(
    response.responses.map(({ nextUpdate }) => nextUpdate),
    [undefined, now + 1000, now + 1000, now + 1000],
  );
  assert.deepEqual(response.nonce, nonce);
  assert.equal(response.producedAt, now);
  assert.deepEqual(response.certificates, [leaf.der, root.der]);
});

test('every error status is read as it was written', () => {
  for (const status of Object.keys(ocspErrorStatuses) as OcspErrorStatus[]) {
    assert.deepEqual(parseOcspResponse(encodeOcspErrorResponse(status)), { status });
  }
  assert.equal(toHex(encodeOcspErrorResponse('malformedRequest')), '30030a0101');
});

test('a nonce has 1 to 128 octets (RFC 9654)', () => {
  for (const length of [1, 128]) assert.equal(parseOcspNonce(encodeOcspNonce(new Uint8Array(length))).length, length);
  for (const length of [0, 129]) assert.throws(() => encodeOcspNonce(new Uint8Array(length)), RangeError);
  assert.throws(() => parseOcspNonce(Uint8Array.of(4, 0)), DerError);
});

test('malformed messages are refused by type', () => {
  for (const der of [
    new Uint8Array(),
    encodeSequence(),
    Uint8Array.of(0x30, 0x03, 0x0a, 0x01, 0x04),
    Uint8Array.of(0x30, 0x03, 0x0a, 0x01, 0x00),
  ]) {
    assert.throws(() => parseOcspRequest(der), DerError);
    assert.throws(() => parseOcspResponse(der), DerError);
  }
});

test('openssl reads our request, and we read its own, by both hashes and with a nonce', () => {
  using folder = new OpensslFolder();
  folder.write('ca.pem', encodePem('CERTIFICATE', root.der));
  folder.write('leaf.pem', encodePem('CERTIFICATE', leaf.der));
  for (const hash of hashes) {
    const certId = encodeCertId(hashIssuer(issuer, hash), serialOf(leaf));
    folder.write('ours.der', encodeOcspRequest([certId], { nonce }));
    const text = folder.run('ocsp', '-reqin', 'ours.der', '-req_text');
    assert.match(text, new RegExp(`Hash Algorithm: ${hash}`));
    folder.run('ocsp', `-${hash}`, '-issuer', 'ca.pem', '-cert', 'leaf.pem', '-reqout', 'theirs.der');
    const theirs = parseOcspRequest(folder.read('theirs.der'));
    assert.deepEqual(theirs.requests[0]?.certId.der, certId);
    assert.ok(theirs.nonce && theirs.nonce.length >= 16);
  }
});

test('openssl verifies our answers: of the CA, of a delegated responder, good and revoked', () => {
  using folder = new OpensslFolder();
  const usual = { notBefore: Date.now() - 100_000, notAfter: Date.now() + 100_000_000 };
  const ca = TestCa.root('CA', usual);
  const one = ca.issue(usual);
  const responder = ca.issue({
    subject: 'Responder',
    extensions: { extKeyUsage: encodeExtKeyUsage([keyPurposeId.OCSPSigning]), ocspNoCheck: encodeOcspNoCheck() },
    ...usual,
  });
  folder.write('ca.pem', encodePem('CERTIFICATE', ca.der));
  folder.write('leaf.pem', encodePem('CERTIFICATE', one.der));
  const time = { thisUpdate: Date.now() - 60_000, nextUpdate: Date.now() + 600_000 };
  const judge = (der: Uint8Array): string => {
    folder.write('response.der', der);
    return folder.run(
      'ocsp',
      '-respin',
      'response.der',
      '-issuer',
      'ca.pem',
      '-cert',
      'leaf.pem',
      '-CAfile',
      'ca.pem',
      '-no_nonce',
    );
  };
  assert.match(judge(ca.ocsp(one, time)), /leaf\.pem: good/);
  assert.match(judge(ca.ocsp(one, { ...time, responder })), /leaf\.pem: good/);
  const status = { type: 'revoked', revokedAt: Date.now() - 70_000, reason: 'keyCompromise' } as const;
  assert.match(judge(ca.ocsp(one, { ...time, responder, status })), /leaf\.pem: revoked[\s\S]*keyCompromise/);
});

test('we read what the openssl responder answers', () => {
  using folder = new OpensslFolder();
  const usual = { notBefore: Date.now() - 100_000, notAfter: Date.now() + 100_000_000 };
  const ca = TestCa.root('CA', usual);
  const one = ca.issue({ ...usual, serialNumber: '0a' });
  folder.write('ca.pem', encodePem('CERTIFICATE', ca.der));
  folder.write('ca.key', String(ca.key.privateKey.export({ type: 'pkcs8', format: 'pem' })));
  folder.write('leaf.pem', encodePem('CERTIFICATE', one.der));
  folder.write('index.txt', 'R\t491231235959Z\t260101000000Z,superseded\t0A\tunknown\t/CN=leaf\n');
  folder.run('ocsp', '-issuer', 'ca.pem', '-cert', 'leaf.pem', '-reqout', 'q.der');
  folder.run(
    'ocsp',
    '-index',
    'index.txt',
    '-CA',
    'ca.pem',
    '-rsigner',
    'ca.pem',
    '-rkey',
    'ca.key',
    '-reqin',
    'q.der',
    '-respout',
    'a.der',
    '-ndays',
    '1',
  );
  const parsed = parseOcspResponse(folder.read('a.der'));
  assert.ok(parsed.status === 'successful');
  assert.deepEqual(parsed.response.responses[0]?.status, {
    type: 'revoked',
    revokedAt: Date.UTC(2026, 0, 1),
    reason: 'superseded',
  });
  assert.equal(parsed.response.responderId.type, 'byName');
  assert.deepEqual(parsed.response.nonce, parseOcspRequest(folder.read('q.der')).nonce);
});

const isTyped = (error: unknown): boolean => error instanceof DerError || error instanceof X509Error;

function assertOnlyTypedErrors(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    assert.ok(isTyped(error), String(error));
  }
}

test('mutated messages are read or refused by type', () => {
  const certId = encodeCertId(hashIssuer(issuer, 'sha1'), serialOf(leaf));
  const samples = [encodeOcspRequest([certId], { nonce }), root.ocsp(leaf), encodeOcspErrorResponse('tryLater')];
  fc.assert(
    fc.property(
      fc.constantFrom(...samples),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      (sample, changes) => {
        const der = new Uint8Array(sample);
        for (const [at, octet] of changes) der[at % der.length] = octet;
        assertOnlyTypedErrors(() => parseOcspRequest(der));
        assertOnlyTypedErrors(() => parseOcspResponse(der));
      },
    ),
    { numRuns: Number(process.env['FUZZ_RUNS'] ?? 1000) },
  );
});
