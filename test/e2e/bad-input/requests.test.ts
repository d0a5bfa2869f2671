import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProblemCode } from '@vcc-pki/api';
import { encodeOid, encodeSequence, encodeUtf8String } from '@vcc-pki/asn1';
import {
  type Extension,
  encodeBasicConstraints,
  encodeExtKeyUsage,
  encodeKeyUsage,
  encodeName,
  encodeSubjectAltName,
  extensionId,
  type GeneralName,
  keyPurposeId,
  parseName,
} from '@vcc-pki/x509';
import { assertProblem } from '../../support/assert-problem.ts';
import { requestDer } from '../../support/certificate-request.ts';
import { newRequest } from '../../support/running-pki.ts';
import { sharedPki } from '../../support/shared-pki.ts';
import { allowStrictService, refusing, strictService } from './refusals.ts';

const shared = sharedPki(() => ({ configure: allowStrictService }));

const service_name = strictService;
const own: GeneralName = { type: 'dNSName', value: strictService };

test('alternative names of types that nobody may hold are refused, beside one that is allowed too', async (t) => {
  const names: readonly GeneralName[] = [
    // A user principal name: what Windows logs on with.
    { type: 'otherName', typeId: '1.3.6.1.4.1.311.20.2.3', value: encodeUtf8String('admin@vcc.local') },
    { type: 'directoryName', value: parseName(encodeName([{ type: 'commonName', value: strictService }])) },
    { type: 'registeredID', value: '1.2.3.4' },
    { type: 'rfc822Name', value: `admin@${strictService}` },
    { type: 'x400Address', value: new Uint8Array() },
    { type: 'ediPartyName', value: new Uint8Array() },
    { type: 'iPAddress', value: new Uint8Array(16) },
    { type: 'dNSName', value: '' },
  ];
  const pki = shared();
  await refusing(t, pki, async ({ refuseCsr }) => {
    for (const name of names) {
      await refuseCsr(await requestDer({ names: [name] }));
      await refuseCsr(await requestDer({ names: [own, name] }));
    }
    await refuseCsr(await requestDer({ names: [] }));
  });
});

test('extensions that no service certificate has are refused, not left out in silence', async (t) => {
  const critical = (id: string, value: Uint8Array): Extension => ({ id, critical: true, value });
  const plain = (id: string, value: Uint8Array): Extension => ({ id, critical: false, value });
  const refused: readonly Extension[] = [
    plain(extensionId.basicConstraints, encodeBasicConstraints({ cA: true })),
    critical(extensionId.basicConstraints, encodeBasicConstraints({ cA: true, pathLenConstraint: 0 })),
    plain(extensionId.keyUsage, encodeKeyUsage(['digitalSignature', 'keyCertSign'])),
    critical(extensionId.keyUsage, encodeKeyUsage(['cRLSign'])),
    critical('1.2.3.4.5', encodeUtf8String('who knows')),
    plain(extensionId.basicConstraints, encodeUtf8String('no such structure')),
    plain(extensionId.subjectAltName, encodeSequence(encodeOid('1.2.3'))),
  ];
  const pki = shared();
  await refusing(t, pki, async ({ refuseCsr }) => {
    for (const extension of refused) {
      assert.equal((await refuseCsr(await requestDer({ extensions: [extension] }))).body['code'], 'badCSR');
    }
  });
  const usual = [
    critical(extensionId.keyUsage, encodeKeyUsage(['digitalSignature', 'keyEncipherment'])),
    plain(extensionId.extKeyUsage, encodeExtKeyUsage([keyPurposeId.serverAuth])),
    critical(extensionId.basicConstraints, encodeBasicConstraints({ cA: false })),
    critical(extensionId.subjectAltName, encodeSubjectAltName([own])),
    plain('1.2.3.4.5', encodeUtf8String('harmless')),
  ];
  const csr = Buffer.from(await requestDer({ extensions: usual })).toString('base64');
  const answer = await pki.call('POST', '/api/v1/certificates/request', { body: { service_name, csr } });
  assert.equal(answer.status, 201, answer.text);
});

test('bodies of the wrong shape are refused, each at its member', async (t) => {
  const { csr } = await newRequest();
  const good = { service_name, csr };
  const many = Array.from({ length: 101 }, () => strictService);
  const cases: readonly [unknown, ProblemCode, string?][] = [
    ['', 'malformed'],
    ['{', 'malformed'],
    ['null', 'malformed'],
    ['[]', 'malformed'],
    ['"text"', 'malformed'],
    ['{"csr": "a", "csr": }', 'malformed'],
    [`{"service_name": "${strictService}", "__proto__": {"isAdmin": true}}`, 'malformed'],
    [`{"service_name": "${strictService}", "constructor": {"prototype": {"isAdmin": true}}}`, 'malformed'],
    [Buffer.from([0xff, 0xfe, 0x00]), 'malformed'],
    [`${'['.repeat(50_000)}${']'.repeat(50_000)}`, 'malformed'],
    [`${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`, 'malformed'],
    [{}, 'malformed', 'service_name'],
    [{ csr }, 'malformed', 'service_name'],
    [{ service_name }, 'badCSR', 'csr'],
    [{ ...good, csr: null }, 'badCSR', 'csr'],
    [{ ...good, csr: 7 }, 'badCSR', 'csr'],
    [{ ...good, csr: [csr] }, 'badCSR', 'csr'],
    [{ ...good, csr: { pem: csr } }, 'badCSR', 'csr'],
    [{ ...good, csr: '' }, 'badCSR', 'csr'],
    [{ ...good, csr: `${csr}\u0000` }, 'badCSR', 'csr'],
    [{ ...good, csr: 'A'.repeat(65_537) }, 'badCSR', 'csr'],
    [{ ...good, service_name: 'Strict' }, 'malformed', 'service_name'],
    [{ ...good, service_name: 'strict.vcc.local' }, 'malformed', 'service_name'],
    [{ ...good, service_name: '../strict' }, 'malformed', 'service_name'],
    [{ ...good, service_name: 'a'.repeat(64) }, 'malformed', 'service_name'],
    [{ ...good, unknown_member: 1 }, 'malformed', 'unknown_member'],
    [{ ...good, private_key: 'never' }, 'malformed', 'private_key'],
    [{ ...good, san_dns: strictService }, 'malformed', 'san_dns'],
    [{ ...good, san_dns: [strictService, 7] }, 'malformed', 'san_dns[1]'],
    [{ ...good, san_dns: [''] }, 'malformed', 'san_dns[0]'],
    [{ ...good, san_dns: many }, 'malformed', 'san_dns'],
    [{ ...good, san_dns: [`${'a'.repeat(64)}.local`] }, 'malformed', 'san_dns[0]'],
    [{ ...good, san_ip: ['1'] }, 'malformed', 'san_ip[0]'],
    [{ ...good, san_ip: ['10.0.0.0/8'] }, 'malformed', 'san_ip[0]'],
    [{ ...good, san_uri: ['no-uri'] }, 'malformed', 'san_uri[0]'],
    [{ ...good, common_name: '' }, 'malformed', 'common_name'],
    [{ ...good, common_name: 'a'.repeat(65) }, 'malformed', 'common_name'],
    [{ ...good, common_name: 'line\nbreak' }, 'malformed', 'common_name'],
    [{ ...good, key_type: 'DSA' }, 'badPublicKey', 'key_type'],
    [{ ...good, key_size: 1 }, 'badPublicKey', 'key_size'],
    [{ ...good, validity_days: 1e9 }, 'badValidity', 'validity_days'],
    [{ ...good, validity_hours: 'many' }, 'badValidity', 'validity_hours'],
    [{ ...good, metadata: [] }, 'malformed', 'metadata'],
    [{ ...good, metadata: { owner: 7 } }, 'malformed', 'metadata.owner'],
    [{ ...good, metadata: { owner: 'x'.repeat(257) } }, 'malformed', 'metadata.owner'],
    [{ ...good, metadata: Object.fromEntries(many.map((_, i) => [`k${i}`, 'v'])) }, 'malformed', 'metadata'],
    [{ ...good, padding: 'x'.repeat(140_000) }, 'payloadTooLarge'],
  ];
  const pki = shared();
  await refusing(t, pki, async ({ send }) => {
    for (const [body, code, field] of cases) {
      try {
        assertProblem(await send(body), code, field);
      } catch (error) {
        throw new Error(`body ${JSON.stringify(body).slice(0, 120)}`, { cause: error });
      }
    }
  });
});

test('what others wrote stays what it was: metadata comes back to the letter', async () => {
  const pki = shared();
  const metadata = {
    owner: '<script>alert(1)</script>',
    note: "'; drop table certificates; --",
    nul: 'a\u0000b',
    emoji: '🔑',
  };
  const { answer, certificateId } = await pki.issueFor('veritas-backend', { body: { metadata } });
  assert.deepEqual((answer.json() as { metadata: object }).metadata, metadata);
  const shown = await pki.call('GET', `/api/v1/certificates/${certificateId}`);
  assert.deepEqual((shown.json() as { metadata: object }).metadata, metadata);
});
