// Names: comparison (RFC 5280 s7.1, RFC 4518) and constraints of every kind (RFC 5280 s4.2.1.10).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Der, encodeElement, encodeOid, encodeSequence, encodeSetOf, encodeUtf8String, Tag } from '@vcc-pki/asn1';
import {
  encodeName,
  encodeNameConstraints,
  encodeSubjectAltName,
  type GeneralName,
  ipAddressFromText,
  ipNetworkFromText,
  parseName,
} from '@vcc-pki/x509';
import { prepareText } from '../src/path/names/prepare-text.ts';
import { assertRefused, verify } from './support/path.ts';
import { dns, TestCa } from './support/test-ca.ts';

const root = TestCa.root();

test('text is prepared as RFC 4518 says', () => {
  const equal: readonly (readonly [string, string])[] = [
    ['VCC  PKI ', 'vcc pki'],
    [' \t VCC\u00a0\u2003PKI', 'vcc pki'],
    ['Stra\u00dfe', 'STRASSE'],
    ['M\u00fcller', 'mu\u0308LLER'],
    ['\u212bngstr\u00f6m', '\u00e5ngstr\u00f6m'],
    ['\ufb01ne', 'FINE'],
    ['so\u00adft', 'soft'],
    ['z\u200bero\ufeff', 'zero'],
    ['\u039f\u03b4\u03c5\u03c3\u03c3\u03b5\u03cd\u03c2', '\u039f\u0394\u03a5\u03a3\u03a3\u0395\u038e\u03a3'],
    ['a\u0000b', 'ab'],
    ['', '   '],
  ];
  for (const [a, b] of equal) assert.equal(prepareText(a), prepareText(b), JSON.stringify([a, b]));
  for (const [a, b] of [
    ['a b', 'ab'],
    ['a', 'b'],
    ['\u00e9', 'e'],
  ] as const) {
    assert.notEqual(prepareText(a), prepareText(b));
  }
  for (const text of ['\ue000', 'a\ufffd', '\u{10ffff}']) assert.equal(prepareText(text), undefined);
});

const stringTags = [
  Tag.utf8String,
  Tag.printableString,
  Tag.teletexString,
  Tag.bmpString,
  Tag.universalString,
] as const;

/** A name of one common name in that type of string. */
function oneName(tag: number, text: string): Der {
  const width = tag === Tag.bmpString ? 2 : tag === Tag.universalString ? 4 : 1;
  const octets = [...text].flatMap((character) => [...new Uint8Array(width - 1), character.charCodeAt(0)]);
  const value = tag === Tag.utf8String ? encodeUtf8String(text) : encodeElement(tag, Uint8Array.from(octets));
  return encodeSequence(encodeSetOf(encodeSequence(encodeOid('2.5.4.3'), value)));
}

test('issuer and subject match across all string types, cases and spaces', async () => {
  for (const [i, tag] of stringTags.entries()) {
    const ca = TestCa.root('Root', { subject: oneName(tag, 'VCC Root') });
    for (const other of stringTags) {
      const leaf = ca.issue({ issuer: oneName(other, i % 2 === 0 ? ' vcc  ROOT' : 'vcc root') });
      await verify({ leaf, anchors: [ca] });
    }
    await assertRefused({ leaf: ca.issue({ issuer: oneName(tag, 'VCCRoot') }), anchors: [ca] }, 'unknownIssuer');
  }
});

test('names differ by type, number and order of their RDNs; within an RDN order does not matter', async () => {
  const attribute = (type: string, text: string): Der => encodeSequence(encodeOid(type), encodeUtf8String(text));
  const [a, b] = [attribute('2.5.4.3', 'a'), attribute('2.5.4.10', 'b')];
  const ca = TestCa.root('Root', { subject: encodeSequence(encodeSetOf(a, b)) });
  const upper = encodeSequence(encodeSetOf(attribute('2.5.4.3', 'A'), attribute('2.5.4.10', 'B')));
  await verify({ leaf: ca.issue({ issuer: upper }), anchors: [ca] });
  const others = [
    encodeSequence(encodeSetOf(a), encodeSetOf(b)),
    encodeSequence(encodeSetOf(a)),
    encodeSequence(encodeSetOf(attribute('2.5.4.11', 'a'), b)),
  ];
  for (const issuer of others) await assertRefused({ leaf: ca.issue({ issuer }), anchors: [ca] }, 'unknownIssuer');
});

const mail = (value: string): GeneralName => ({ type: 'rfc822Name', value });
const uri = (value: string): GeneralName => ({ type: 'uniformResourceIdentifier', value });
const address = (text: string): GeneralName => ({ type: 'iPAddress', value: ipAddressFromText(text) });
const network = (text: string): GeneralName => ({ type: 'iPAddress', value: ipNetworkFromText(text) });
const directory = (...organizations: readonly string[]): GeneralName => ({
  type: 'directoryName',
  value: parseName(encodeName(organizations.map((value) => ({ type: 'organizationName', value })))),
});
const name = (value: string): GeneralName => ({ type: 'dNSName', value });

/** base, name, whether the name lies within the base's subtree */
const subtrees: readonly (readonly [GeneralName, GeneralName, boolean])[] = [
  [name('vcc.local'), name('vcc.local'), true],
  [name('vcc.local'), name('A.B.VCC.local'), true],
  [name('vcc.local'), name('*.vcc.local'), true],
  [name('vcc.local'), name('xvcc.local'), false],
  [name('vcc.local'), name('local'), false],
  [name(''), name('anything.example'), true],
  [mail('a@vcc.local'), mail('a@VCC.local'), true],
  [mail('a@vcc.local'), mail('A@vcc.local'), false],
  [mail('vcc.local'), mail('a@vcc.local'), true],
  [mail('vcc.local'), mail('a@b.vcc.local'), false],
  [mail('.vcc.local'), mail('a@b.vcc.local'), true],
  [mail('.vcc.local'), mail('a@vcc.local'), false],
  [mail('vcc.local'), mail('"a@evil"@vcc.local'), true],
  [uri('vcc.local'), uri('spiffe://VCC.local/service'), true],
  [uri('vcc.local'), uri('https://user@vcc.local:8443/x?y#z'), true],
  [uri('vcc.local'), uri('https://a.vcc.local/'), false],
  [uri('.vcc.local'), uri('https://a.b.vcc.local/'), true],
  [uri('.vcc.local'), uri('https://vcc.local/'), false],
  [uri('vcc.local'), uri('https://evil.example/@vcc.local'), false],
  [network('10.0.0.0/8'), address('10.255.0.1'), true],
  [network('10.0.0.0/8'), address('11.0.0.1'), false],
  [network('10.1.2.128/25'), address('10.1.2.127'), false],
  [network('0.0.0.0/0'), address('203.0.113.9'), true],
  [network('2001:db8::/32'), address('2001:db8:1::1'), true],
  [network('2001:db8::/32'), address('2001:db9::1'), false],
  [network('0.0.0.0/0'), address('::1'), false],
  [directory('VCC'), directory('vcc', 'Leaf'), true],
  [directory('VCC'), directory('VCC'), true],
  [directory('VCC', 'Leaf'), directory('VCC'), false],
  [directory('VCC'), directory('Other', 'VCC'), false],
];

/** A path whose CA has those constraints and whose end entity has that name alone. */
function constrained(constraint: { permitted?: GeneralName[]; excluded?: GeneralName[] }, one: GeneralName) {
  const value = encodeNameConstraints({
    permittedSubtrees: constraint.permitted ?? [],
    excludedSubtrees: constraint.excluded ?? [],
  });
  const ca = root.issueCa('Constrained', { extensions: { nameConstraints: value } });
  const subjectAltName = { value: encodeSubjectAltName([one]), critical: true };
  const leaf = ca.issue({ subject: encodeName([]), extensions: { subjectAltName } });
  return { leaf, intermediates: [ca], anchors: [root] };
}

test('a name is within permitted and outside of excluded subtrees, for every kind of name', async () => {
  for (const [base, one, isWithin] of subtrees) {
    const [good, bad] = isWithin ? ['permitted', 'excluded'] : ['excluded', 'permitted'];
    const label = JSON.stringify([base, one, isWithin]);
    await assert.doesNotReject(verify(constrained({ [good!]: [base] }, one)), label);
    await assertRefused(constrained({ [bad!]: [base] }, one), 'nameNotPermitted', 0);
  }
});

test('a wildcard that could stand for an excluded name is refused', async () => {
  await assertRefused(constrained({ excluded: dns('secret.vcc.local') }, name('*.vcc.local')), 'nameNotPermitted', 0);
  await verify(constrained({ excluded: dns('a.secret.vcc.local') }, name('*.vcc.local')));
  await assertRefused(constrained({ permitted: dns('secret.vcc.local') }, name('*.vcc.local')), 'nameNotPermitted', 0);
});

test('names that cannot be compared are refused where their kind is constrained, and only there', async () => {
  const incomparable: readonly (readonly [GeneralName, GeneralName])[] = [
    [name('vcc.local'), name('.vcc.local')],
    [name('vcc.local'), name('vcc.local.')],
    [name('vcc.local'), name('*')],
    [mail('vcc.local'), mail('vcc.local')],
    [mail('vcc.local'), mail('a@b@vcc.local')],
    [uri('vcc.local'), uri('urn:vcc:kek:1')],
    [uri('vcc.local'), uri('https://127.0.0.1/')],
    [uri('vcc.local'), uri('https://[::1]/')],
  ];
  for (const [base, one] of incomparable) {
    for (const side of ['permitted', 'excluded']) {
      await assertRefused(constrained({ [side]: [base] }, one), 'nameNotPermitted', 0);
    }
    await verify(constrained({ permitted: [directory('VCC')] }, one));
  }
});

test('a kind of name that nobody can constrain is refused where somebody tries', async () => {
  const registered: GeneralName = { type: 'registeredID', value: '1.2.3' };
  const other: GeneralName = { type: 'otherName', typeId: '1.2.3.4', value: encodeUtf8String('x') };
  for (const one of [registered, other]) {
    await assertRefused(constrained({ permitted: [one] }, one), 'nameNotPermitted', 0);
    await assertRefused(constrained({ excluded: [one] }, one), 'nameNotPermitted', 0);
    await verify(constrained({ excluded: [one] }, name('leaf.vcc.local')));
  }
});

test('a constraint that is none of its kind makes the CA’s certificate malformed', async () => {
  const bases = [name('.vcc.local'), name('*.vcc.local'), mail('a@b@c'), mail(''), uri('https://vcc.local'), uri('')];
  for (const base of bases) {
    await assertRefused(constrained({ permitted: [base] }, name('leaf.vcc.local')), 'malformedCertificate', 1);
  }
});

test('every CA’s constraints count: they narrow, and never widen', async () => {
  const constraints = (...names: readonly string[]): object => ({
    extensions: { nameConstraints: encodeNameConstraints({ permittedSubtrees: dns(...names), excludedSubtrees: [] }) },
  });
  const outer = root.issueCa('Outer', constraints('a.local', 'b.local'));
  const inner = outer.issueCa('Inner', constraints('b.local', 'c.local'));
  const request = (value: string): Parameters<typeof verify>[0] => ({
    leaf: inner.issue({ extensions: { subjectAltName: encodeSubjectAltName(dns(value)) } }),
    intermediates: [outer, inner],
    anchors: [root],
  });
  await verify(request('b.local'));
  for (const value of ['a.local', 'c.local']) await assertRefused(request(value), 'nameNotPermitted', 0);
});

test('constraints of the trust anchor and names of CAs count; self-issued certificates on the way are exempt', async () => {
  const nameConstraints = encodeNameConstraints({ permittedSubtrees: dns('vcc.local'), excludedSubtrees: [] });
  const anchor = TestCa.root('Anchor', { extensions: { nameConstraints } });
  await verify({ leaf: anchor.issue(), anchors: [anchor] });
  const bad = { extensions: { subjectAltName: encodeSubjectAltName(dns('evil.example')) } };
  await assertRefused({ leaf: anchor.issue(bad), anchors: [anchor] }, 'nameNotPermitted', 0);
  const ca = anchor.issueCa('Middle', bad);
  await assertRefused({ leaf: ca.issue(), intermediates: [ca], anchors: [anchor] }, 'nameNotPermitted', 1);
  const renewed = anchor.issueCa('Anchor', bad);
  await verify({ leaf: renewed.issue(), intermediates: [renewed], anchors: [anchor] });
});

test('directory constraints apply to the subject, mail constraints to emailAddress in it and to SmtpUTF8Mailbox', async () => {
  const issue = (constraint: GeneralName, subject: Der, san: readonly GeneralName[] = dns('leaf.vcc.local')) => {
    const value = encodeNameConstraints({ permittedSubtrees: [constraint], excludedSubtrees: [] });
    const ca = root.issueCa('Constrained', { extensions: { nameConstraints: value } });
    const leaf = ca.issue({ subject, extensions: { subjectAltName: encodeSubjectAltName(san) } });
    return { leaf, intermediates: [ca], anchors: [root] };
  };
  const inside = encodeName([{ type: 'organizationName', value: 'VCC' }]);
  const outside = encodeName([{ type: 'organizationName', value: 'Other' }]);
  await verify(issue(directory('VCC'), inside));
  await assertRefused(issue(directory('VCC'), outside), 'nameNotPermitted', 0);
  await assertRefused(issue(directory('VCC'), inside, [directory('Other')]), 'nameNotPermitted', 0);
  const withMail = (value: string): Der => encodeName([{ type: 'emailAddress', value }]);
  await verify(issue(mail('vcc.local'), withMail('a@vcc.local')));
  await assertRefused(issue(mail('vcc.local'), withMail('a@evil.example')), 'nameNotPermitted', 0);
  const utf8Mailbox = (text: string): GeneralName => ({
    type: 'otherName',
    typeId: '1.3.6.1.5.5.7.8.9',
    value: encodeUtf8String(text),
  });
  await verify(issue(mail('vcc.local'), inside, [utf8Mailbox('größe@vcc.local')]));
  await assertRefused(issue(mail('vcc.local'), inside, [utf8Mailbox('größe@evil.example')]), 'nameNotPermitted', 0);
});

test('many constraints on many names end within maxNameComparisons', async () => {
  const permittedSubtrees = dns(...Array.from({ length: 600 }, (_, i) => `c${i}.local`));
  const ca = root.issueCa('Many', {
    extensions: { nameConstraints: encodeNameConstraints({ permittedSubtrees, excludedSubtrees: [] }) },
  });
  const names = dns(...Array.from({ length: 600 }, (_, i) => `c${i}.local`));
  const leaf = ca.issue({ extensions: { subjectAltName: encodeSubjectAltName(names) } });
  const request = { leaf, intermediates: [ca], anchors: [root] };
  await assertRefused(request, 'limitExceeded');
  await verify({ ...request, limits: { maxNameComparisons: 400_000 } });
});
