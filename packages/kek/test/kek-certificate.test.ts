import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Extension,
  encodeExtKeyUsage,
  encodeKeyUsage,
  encodeSubjectAltName,
  extensionId,
  kekKeyPurposeId,
  keyPurposeId,
  parseCertificate,
} from '@vcc-pki/x509';
import { encodeKekFacts, KekError, kekCertificateFacts, kekFactsExtensionId, kekKems } from '../src/index.ts';
import { kekExtensions, makeKek, now } from './support/kek-scene.ts';

const identity = { line: 'themis-main', version: 3, kem: 'X25519' } as const;
const factsOf = async (extensions: readonly Extension[]) =>
  kekCertificateFacts(parseCertificate((await makeKek(identity, { extensions })).certificate));
const refused = (error: unknown): boolean => error instanceof KekError && error.code === 'badCertificate';

test('reads line, version, times and mechanism, whatever the mechanism', async () => {
  for (const kem of kekKems) {
    const { certificate } = await makeKek({ ...identity, kem });
    assert.deepEqual(kekCertificateFacts(parseCertificate(certificate)), {
      ...{ line: 'themis-main', lineId: 7, version: 3, kem },
      notBeforeWrite: now - 86_400_000,
      notAfterWrite: now + 86_400_000,
    });
  }
});

test('nothing but the profile of a KEK passes for one', async () => {
  const good = kekExtensions(identity);
  const replaced = (id: string, by: Partial<Extension>): Extension[] =>
    good.map((extension) => (extension.id === id ? { ...extension, ...by } : extension));
  const { extKeyUsage, keyUsage, subjectAltName } = extensionId;
  const names = (...values: string[]) =>
    encodeSubjectAltName(values.map((value) => ({ type: 'uniformResourceIdentifier', value })));
  const facts = { lineId: 7, version: 4, notBeforeWrite: now, notAfterWrite: now };
  const flawed: Record<string, readonly Extension[]> = {
    'no extKeyUsage': good.filter(({ id }) => id !== extKeyUsage),
    'extKeyUsage not critical': replaced(extKeyUsage, { critical: false }),
    'extKeyUsage of TLS': replaced(extKeyUsage, { value: encodeExtKeyUsage([keyPurposeId.clientAuth]) }),
    'extKeyUsage of TLS too': replaced(extKeyUsage, {
      value: encodeExtKeyUsage([kekKeyPurposeId, keyPurposeId.clientAuth]),
    }),
    'any purpose': replaced(extKeyUsage, { value: encodeExtKeyUsage([keyPurposeId.anyExtendedKeyUsage]) }),
    'a key that signs': replaced(keyUsage, { value: encodeKeyUsage(['digitalSignature', 'keyAgreement']) }),
    'no private extension': good.filter(({ id }) => id !== kekFactsExtensionId),
    'another version in the private extension': replaced(kekFactsExtensionId, { value: encodeKekFacts(facts) }),
    'a private extension that is none': replaced(kekFactsExtensionId, { value: Uint8Array.of(5, 0) }),
    'no name': good.filter(({ id }) => id !== subjectAltName),
    'another version in the name': replaced(subjectAltName, { value: names('urn:vcc:kek:themis-main:4') }),
    'a version with a zero before it': replaced(subjectAltName, { value: names('urn:vcc:kek:themis-main:03') }),
    'a line that is none': replaced(subjectAltName, { value: names('urn:vcc:kek:Themis:3') }),
    'two names': replaced(subjectAltName, { value: names('urn:vcc:kek:themis-main:3', 'urn:vcc:kek:other:3') }),
  };
  assert.equal((await factsOf(good)).line, 'themis-main');
  for (const [flaw, extensions] of Object.entries(flawed)) await assert.rejects(factsOf(extensions), refused, flaw);
});
