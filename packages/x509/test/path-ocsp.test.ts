// Revocation by OCSP responses (RFC 6960, RFC 9919): who may answer, for what, and for how long.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeNull } from '@vcc-pki/asn1';
import {
  encodeBasicConstraints,
  encodeExtKeyUsage,
  encodeKeyUsage,
  encodeOcspErrorResponse,
  encodeOcspNoCheck,
  keyPurposeId,
} from '@vcc-pki/x509';
import { assertRefused, verify } from './support/path.ts';
import { now, serialOf, TestCa, TestEntity } from './support/test-ca.ts';

const root = TestCa.root();
const ica = root.issueCa('ICA');
const leaf = ica.issue();
const crls = [root.crl()];
const request = { leaf, intermediates: [ica], anchors: [root], crls, revocation: 'require' } as const;

function responder(by: TestCa, extensions: object = {}, input: object = {}): TestEntity {
  return by.issue({
    subject: 'Responder',
    extensions: {
      extKeyUsage: encodeExtKeyUsage([keyPurposeId.OCSPSigning]),
      ocspNoCheck: encodeOcspNoCheck(),
      subjectAltName: null,
      ...extensions,
    },
    ...input,
  });
}

test('an answer of the CA itself, by either hash', async () => {
  for (const hash of ['sha1', 'sha256'] as const) {
    const path = await verify({ ...request, ocspResponses: [ica.ocsp(leaf, { hash })] });
    assert.deepEqual(
      path.revocation[0]?.sources.map(({ type }) => type),
      ['ocsp'],
    );
  }
});

test('an answer of a delegated responder', async () => {
  const path = await verify({ ...request, ocspResponses: [ica.ocsp(leaf, { responder: responder(ica) })] });
  assert.equal(path.revocation[0]?.status, 'good');
});

test('revoked and unknown', async () => {
  const status = { type: 'revoked', revokedAt: now - 5000, reason: 'keyCompromise' } as const;
  for (const revocation of ['require', 'ifPresent'] as const) {
    const error = await assertRefused(
      { ...request, revocation, ocspResponses: [ica.ocsp(leaf, { status })] },
      'revoked',
      0,
    );
    assert.deepEqual(error.revocation, { revokedAt: now - 5000, reason: 'keyCompromise' });
  }
  const unknown = [ica.ocsp(leaf, { status: { type: 'unknown' } })];
  await assertRefused({ ...request, ocspResponses: unknown }, 'revocationUndetermined', 0);
  await verify({ ...request, ocspResponses: unknown, crls: [...crls, ica.crl()] });
});

test('whoever says that it is revoked is believed', async () => {
  const entries = [{ serialNumber: serialOf(leaf), revokedAt: now - 5000 }];
  const good = ica.ocsp(leaf);
  await assertRefused({ ...request, ocspResponses: [good], crls: [...crls, ica.crl({ entries })] }, 'revoked', 0);
  const revoked = ica.ocsp(leaf, { status: { type: 'revoked', revokedAt: now - 5000 } });
  await assertRefused({ ...request, ocspResponses: [good, revoked], crls: [...crls, ica.crl()] }, 'revoked', 0);
});

test('both ends of its time count, and it must have both', async () => {
  const [thisUpdate, nextUpdate] = [now - 60_000, now + 60_000];
  const ocspResponses = [ica.ocsp(leaf, { thisUpdate, nextUpdate })];
  for (const at of [thisUpdate, nextUpdate, nextUpdate + 999]) await verify({ ...request, ocspResponses, at });
  for (const at of [thisUpdate - 1, nextUpdate + 1000]) {
    await assertRefused({ ...request, ocspResponses, at }, 'revocationUndetermined', 0);
  }
  const endless = [ica.ocsp(leaf, { nextUpdate: null })];
  await assertRefused({ ...request, ocspResponses: endless }, 'revocationUndetermined', 0);
});

test('responders that may not answer', async () => {
  const other = root.issueCa('Other');
  const sameName = root.issueCa('ICA');
  const cases: readonly TestEntity[] = [
    other,
    leaf,
    responder(other),
    responder(sameName),
    responder(root),
    responder(ica, { extKeyUsage: encodeExtKeyUsage([keyPurposeId.serverAuth]) }),
    responder(ica, { extKeyUsage: encodeExtKeyUsage([keyPurposeId.anyExtendedKeyUsage]) }),
    responder(ica, { extKeyUsage: null }),
    responder(ica, { keyUsage: encodeKeyUsage(['keyEncipherment']) }),
    responder(ica, { tlsFeature: { value: encodeNull(), critical: true } }),
    responder(ica, { basicConstraints: encodeBasicConstraints({ cA: false, pathLenConstraint: 0 }) }),
    responder(ica, {}, { notAfter: now - 5000 }),
  ];
  for (const one of cases) {
    const ocspResponses = [ica.ocsp(leaf, { responder: one })];
    await assertRefused({ ...request, ocspResponses }, 'revocationUndetermined', 0);
    await assertRefused({ ...request, ocspResponses, revocation: 'ifPresent' }, 'revocationUndetermined', 0);
  }
  // A response that no certificate comes with, and one whose signature is another key's.
  const lost = [ica.ocsp(leaf, { responder: responder(ica), certificates: [] })];
  await assertRefused({ ...request, ocspResponses: lost }, 'revocationUndetermined', 0);
  const forged = new Uint8Array(ica.ocsp(leaf));
  forged[forged.length - 1]! ^= 1;
  await assertRefused({ ...request, ocspResponses: [forged] }, 'revocationUndetermined', 0);
});

test('a responder without ocsp-nocheck must not be revoked', async () => {
  const one = responder(ica, { ocspNoCheck: null });
  const ocspResponses = [ica.ocsp(leaf, { responder: one })];
  await assertRefused({ ...request, ocspResponses }, 'revocationUndetermined', 0);
  await verify({ ...request, ocspResponses, revocation: 'ifPresent' });
  await verify({ ...request, ocspResponses, crls: [...crls, ica.crl()] });
  const entries = [{ serialNumber: serialOf(one), revokedAt: now - 5000 }];
  const error = await assertRefused(
    {
      ...request,
      ocspResponses,
      crls: [
        ...crls,
        ica.crl({
          entries,
          issuingDistributionPoint: { onlyContainsUserCerts: true, onlySomeReasons: ['keyCompromise'] },
        }),
      ],
    },
    'revocationUndetermined',
    0,
  );
  assert.match(error.message, /revoked/);
});

test('an answer about another certificate, or by another issuer of that number, says nothing', async () => {
  const other = root.issueCa('Other');
  const namesake = other.issue({ serialNumber: Buffer.from(serialOf(leaf)).toString('hex') });
  for (const response of [ica.ocsp(ica.issue()), other.ocsp(namesake)]) {
    const path = await verify({ ...request, ocspResponses: [response], revocation: 'ifPresent' });
    assert.equal(path.revocation[0]?.status, 'notChecked');
  }
});

test('a critical extension makes an answer unusable; error responses and junk say nothing', async () => {
  const extensions = [{ id: '1.2.3.4', critical: true, value: encodeNull() }];
  const critical = [ica.ocsp(leaf, { extensions })];
  await assertRefused({ ...request, ocspResponses: critical }, 'revocationUndetermined', 0);
  const junk = [new Uint8Array(), encodeOcspErrorResponse('tryLater'), leaf.der];
  await verify({ ...request, ocspResponses: [...junk, ica.ocsp(leaf)] });
});

test('many answers of wrong keys end within maxSignatures', async () => {
  const { der, key } = responder(ica);
  const pretender = new TestEntity(der, { ...key, sign: (data) => leaf.key.sign(data) });
  const forged = Array.from({ length: 60 }, (_, i) =>
    ica.ocsp(leaf, { responder: pretender, thisUpdate: now - 60_000 * (i + 1) }),
  );
  const limits = { maxSignatures: 30 };
  const error = await assertRefused({ ...request, ocspResponses: forged, limits }, 'limitExceeded');
  assert.equal(error.index, 0);
});
