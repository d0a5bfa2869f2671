// What each certificate of a path must keep: RFC 5280 s6.1.3, s6.1.4, s4.2; purposes; server names (RFC 9525).
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { encodeNull } from '@vcc-pki/asn1';
import {
  encodeAuthorityKeyIdentifier,
  encodeBasicConstraints,
  encodeExtKeyUsage,
  encodeKeyUsage,
  encodeName,
  encodeNameConstraints,
  encodeSubjectAltName,
  encodeTlsFeature,
  type GeneralName,
  ipAddressFromText,
  kekKeyPurposeId,
  keyPurposeId,
  type PathPurpose,
  parseName,
  pathPurposes,
} from '@vcc-pki/x509';
import { keyTypes, makeKey, type TestKey } from './support/keys.ts';
import { assertRefused, verify } from './support/path.ts';
import { dns, nameOf, now, TestCa } from './support/test-ca.ts';

const root = TestCa.root();
const ica = root.issueCa('ICA');
const between = { intermediates: [ica], anchors: [root] };

for (const type of keyTypes) {
  test(`${type}: a chain of such keys holds`, async () => {
    const key = makeKey(type);
    const anchor = TestCa.root('Anchor', { key });
    const middle = anchor.issueCa('Middle', { key: makeKey(type) });
    const leaf = middle.issue({ key: makeKey(type) });
    const crls = [anchor.crl(), middle.crl()];
    const path = await verify({ leaf, intermediates: [middle], anchors: [anchor], crls, revocation: 'require' });
    assert.equal(path.chain.length, 3);
  });
}

test('RSASSA-PSS signatures hold', async () => {
  const rsa = makeKey('RSA-2048');
  const pss: TestKey = {
    ...rsa,
    algorithm: 'rsassaPss-SHA256',
    sign: (data) => rsa.sign(data, 'rsassaPss-SHA256'),
  };
  const anchor = TestCa.root('Anchor', { key: pss });
  assert.equal((await verify({ leaf: anchor.issue(), anchors: [anchor] })).chain.length, 2);
});

test('SHA-1 and short RSA keys pass only with legacy algorithms', async () => {
  const rsa = makeKey('RSA-2048');
  const sha1: TestKey = {
    ...rsa,
    algorithm: 'sha1WithRSAEncryption',
    sign: (data) => rsa.sign(data, 'sha1WithRSAEncryption'),
  };
  const anchor = TestCa.root('Anchor', { key: sha1 });
  const request = { leaf: anchor.issue(), anchors: [anchor] };
  await assertRefused(request, 'algorithmNotAllowed', 0);
  await verify({ ...request, algorithms: 'legacy' });
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const short = { ...rsa, privateKey, spki: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })) };
  const leaf = ica.issue({ key: short });
  await assertRefused({ leaf, ...between }, 'keyNotAllowed', 0);
  await verify({ leaf, ...between, algorithms: 'legacy' });
});

test('a key of an unknown kind is refused', async () => {
  const { publicKey } = generateKeyPairSync('x448');
  const key = { ...makeKey(), spki: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })) };
  await assertRefused({ leaf: ica.issue({ key }), ...between }, 'keyNotAllowed', 0);
});

test('both ends of the validity count, the last with its whole second', async () => {
  const [notBefore, notAfter] = [now - 60_000, now + 60_000];
  const leaf = ica.issue({ notBefore, notAfter });
  for (const at of [notBefore, notAfter, notAfter + 999]) await verify({ leaf, ...between, at });
  await assertRefused({ leaf, ...between, at: notBefore - 1 }, 'notYetValid', 0);
  await assertRefused({ leaf, ...between, at: notAfter + 1000 }, 'expired', 0);
  const late = root.issueCa('Late', { notBefore: now + 1000 });
  await assertRefused({ leaf: late.issue(), intermediates: [late], anchors: [root] }, 'notYetValid', 1);
});

test('a critical extension that is not processed refuses the path, wherever it stands', async () => {
  const extensions = { tlsFeature: { value: encodeTlsFeature([5]), critical: true } };
  await assertRefused({ leaf: ica.issue({ extensions }), ...between }, 'unsupportedCriticalExtension', 0);
  const odd = root.issueCa('Odd', { extensions });
  await assertRefused({ leaf: odd.issue(), intermediates: [odd], anchors: [root] }, 'unsupportedCriticalExtension', 1);
  const harmless = { tlsFeature: encodeTlsFeature([5]) };
  await verify({ leaf: ica.issue({ extensions: harmless }), ...between });
});

test('an extension that is known but malformed refuses the path, critical or not', async () => {
  const extensions = { extKeyUsage: encodeNull() };
  await assertRefused({ leaf: ica.issue({ extensions }), ...between }, 'malformedCertificate', 0);
  const odd = root.issueCa('Odd', { extensions });
  await assertRefused({ leaf: odd.issue(), intermediates: [odd], anchors: [root] }, 'malformedCertificate', 1);
});

test('only a CA with keyCertSign certifies', async () => {
  const issuer = (extensions: object): TestCa => root.issueCa('Issuer', { extensions });
  const cases = [
    ['notACertificationAuthority', { basicConstraints: null }],
    ['notACertificationAuthority', { basicConstraints: encodeBasicConstraints({ cA: false }) }],
    ['keyUsageNotAllowed', { keyUsage: encodeKeyUsage(['cRLSign', 'digitalSignature']) }],
  ] as const;
  for (const [code, extensions] of cases) {
    const one = issuer(extensions);
    await assertRefused({ leaf: one.issue(), intermediates: [one], anchors: [root] }, code, 1);
  }
  const withoutKeyUsage = issuer({ keyUsage: null });
  await verify({ leaf: withoutKeyUsage.issue(), intermediates: [withoutKeyUsage], anchors: [root] });
});

test('pathLenConstraint counts CAs below, but not self-issued ones', async () => {
  const extensions = { basicConstraints: encodeBasicConstraints({ cA: true, pathLenConstraint: 0 }) };
  const last = root.issueCa('Last', { extensions });
  await verify({ leaf: last.issue(), intermediates: [last], anchors: [root] });
  const below = last.issueCa('Below');
  await assertRefused({ leaf: below.issue(), intermediates: [last, below], anchors: [root] }, 'pathLengthExceeded', 1);
  const renewed = last.issueCa('Last');
  await verify({ leaf: renewed.issue(), intermediates: [last, renewed], anchors: [root] });
  const strict = TestCa.root('Strict', { extensions });
  const mid = strict.issueCa('Mid');
  await assertRefused({ leaf: mid.issue(), intermediates: [mid], anchors: [strict] }, 'pathLengthExceeded', 1);
});

test('fields that contradict each other are refused', async () => {
  const san = encodeSubjectAltName(dns('leaf.vcc.local'));
  const aki = encodeAuthorityKeyIdentifier({ keyIdentifier: new Uint8Array(20) });
  const emptyName = encodeName([]);
  const cases = [
    { extensions: { keyUsage: encodeKeyUsage(['keyCertSign']) } },
    { extensions: { basicConstraints: encodeBasicConstraints({ cA: false, pathLenConstraint: 1 }) } },
    { extensions: { nameConstraints: encodeNameConstraints({ permittedSubtrees: dns('a'), excludedSubtrees: [] }) } },
    { extensions: { authorityKeyIdentifier: { value: aki, critical: true } } },
    { subject: emptyName },
    { subject: emptyName, extensions: { subjectAltName: null } },
  ];
  for (const input of cases) await assertRefused({ leaf: ica.issue(input), ...between }, 'profileViolation', 0);
  const nameless = { subject: emptyName, extensions: { subjectAltName: { value: san, critical: true } } };
  await verify({ leaf: ica.issue(nameless), ...between });
});

test('what CAs must include is demanded with conformance profile only', async () => {
  const request = { leaf: ica.issue({ extensions: { authorityKeyIdentifier: null } }), ...between };
  await verify(request);
  await assertRefused({ ...request, conformance: 'profile' }, 'profileViolation', 0);
  await verify({ leaf: ica.issue(), ...between, conformance: 'profile' });
  const noIdentifier = root.issueCa('No identifier', { extensions: { subjectKeyIdentifier: null } });
  const second = { leaf: noIdentifier.issue(), intermediates: [noIdentifier], anchors: [root] };
  await verify(second);
  await assertRefused({ ...second, conformance: 'profile' }, 'profileViolation', 1);
});

const purposeIds: Record<PathPurpose, string> = {
  serverAuth: keyPurposeId.serverAuth,
  clientAuth: keyPurposeId.clientAuth,
  codeSigning: keyPurposeId.codeSigning,
  ocspSigning: keyPurposeId.OCSPSigning,
  kek: kekKeyPurposeId,
};

for (const purpose of pathPurposes) {
  test(`purpose ${purpose}: extKeyUsage and keyUsage of the end entity`, async () => {
    const keyUsage = encodeKeyUsage([purpose === 'kek' ? 'keyAgreement' : 'digitalSignature']);
    const issue = (extKeyUsage: Uint8Array | null, usage: Uint8Array | null = keyUsage): TestCa =>
      ica.issue({ extensions: { extKeyUsage, keyUsage: usage } }) as TestCa;
    const own = encodeExtKeyUsage([purposeIds[purpose]]);
    await verify({ leaf: issue(own), ...between, purpose });
    await verify({ leaf: issue(own, null), ...between, purpose });
    const other = encodeExtKeyUsage([keyPurposeId.emailProtection]);
    await assertRefused({ leaf: issue(other), ...between, purpose }, 'purposeNotAllowed', 0);
    await assertRefused(
      { leaf: issue(own, encodeKeyUsage(['cRLSign'])), ...between, purpose },
      'keyUsageNotAllowed',
      0,
    );
    // RFC 6960 s4.2.2.2 and our own rule: these two must be named.
    const mustBeNamed = purpose === 'ocspSigning' || purpose === 'kek';
    for (const vague of [null, encodeExtKeyUsage([keyPurposeId.anyExtendedKeyUsage])]) {
      if (mustBeNamed) await assertRefused({ leaf: issue(vague), ...between, purpose }, 'purposeNotAllowed', 0);
      else await verify({ leaf: issue(vague), ...between, purpose });
    }
  });
}

test('extKeyUsage of a CA limits what is below it', async () => {
  const clients = root.issueCa('Clients', {
    extensions: { extKeyUsage: encodeExtKeyUsage([keyPurposeId.clientAuth]) },
  });
  const request = { leaf: clients.issue(), intermediates: [clients], anchors: [root] };
  await verify(request);
  await verify({ ...request, purpose: 'clientAuth' });
  await assertRefused({ ...request, purpose: 'serverAuth' }, 'purposeNotAllowed', 1);
  const anchor = TestCa.root('Anchor', { extensions: { extKeyUsage: encodeExtKeyUsage([keyPurposeId.clientAuth]) } });
  await assertRefused({ leaf: anchor.issue(), anchors: [anchor], purpose: 'serverAuth' }, 'purposeNotAllowed', 1);
  const extensions = { extKeyUsage: encodeExtKeyUsage([keyPurposeId.OCSPSigning]) };
  const responder = clients.issue({ extensions });
  await verify({ leaf: responder, intermediates: [clients], anchors: [root], purpose: 'ocspSigning' });
});

const ip = (text: string): GeneralName => ({ type: 'iPAddress', value: ipAddressFromText(text) });

const serverNames: readonly (readonly [readonly GeneralName[], string, boolean])[] = [
  [dns('leaf.vcc.local'), 'leaf.vcc.local', true],
  [dns('Leaf.VCC.local'), 'lEAF.vcc.LOCAL', true],
  [dns('leaf.vcc.local'), 'leaf.vcc.local.', true],
  [dns('leaf.vcc.local'), 'vcc.local', false],
  [dns('leaf.vcc.local'), 'x.leaf.vcc.local', false],
  [dns('other.local', 'leaf.vcc.local'), 'leaf.vcc.local', true],
  [dns('*.vcc.local'), 'leaf.vcc.local', true],
  [dns('*.vcc.local'), 'vcc.local', false],
  [dns('*.vcc.local'), 'a.b.vcc.local', false],
  [dns('*.vcc.local'), '.vcc.local', false],
  [dns('*.vcc.local'), '*.vcc.local', false],
  [dns('l*.vcc.local'), 'leaf.vcc.local', false],
  [dns('leaf.*.local'), 'leaf.vcc.local', false],
  [dns('*'), 'localhost', false],
  [dns('*.'), 'a.', false],
  [dns('*.*.local'), 'a.vcc.local', false],
  [dns('leaf.vcc.local.'), 'leaf.vcc.local', false],
  [dns('xn--bcher-kva.example'), 'bücher.example', true],
  [dns('xn--bcher-kva.example'), 'XN--Bcher-KVA.example', true],
  [dns('127.0.0.1'), '127.0.0.1', false],
  [[ip('127.0.0.1')], '127.0.0.1', true],
  [[ip('127.0.0.1')], '127.0.0.2', false],
  [[ip('2001:db8::1')], '2001:0DB8:0::1', true],
  [[ip('127.0.0.1')], '::ffff:127.0.0.1', false],
  [[ip('127.0.0.1')], 'localhost', false],
  [[{ type: 'uniformResourceIdentifier', value: 'https://leaf.vcc.local/' }], 'leaf.vcc.local', false],
  [dns(''), '', false],
  [dns('a b'), 'a b', false],
];

test('server names match by RFC 9525 s6', async () => {
  for (const [names, serverName, matches] of serverNames) {
    const leaf = ica.issue({ extensions: { subjectAltName: encodeSubjectAltName(names) } });
    const label = `${JSON.stringify(names)} for ${serverName}`;
    if (matches) await assert.doesNotReject(verify({ leaf, ...between, serverName }), label);
    else await assertRefused({ leaf, ...between, serverName }, 'serverNameMismatch', 0);
  }
});

test('a common name is no server name', async () => {
  const subject = nameOf('leaf.vcc.local');
  assert.equal(parseName(subject).rdns.length, 2);
  const leaf = ica.issue({ subject, extensions: { subjectAltName: null } });
  await assertRefused({ leaf, ...between, serverName: 'leaf.vcc.local' }, 'serverNameMismatch', 0);
});
