// Revocation by CRLs (RFC 5280 s6.3) beyond PKITS: modes, shards, deltas, indirect CRLs, and what makes a CRL unusable.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Der, encodeElement, encodeSequence, encodeTime, Tag } from '@vcc-pki/asn1';
import {
  type DistributionPointName,
  encodeCertificateIssuer,
  encodeCRLDistributionPoints,
  encodeCRLNumber,
  encodeDeltaCRLIndicator,
  encodeKeyUsage,
  encodeNoRevAvail,
  encodeReasonCode,
  encodeRevokedEntry,
  extensionId,
  parseName,
  type RevocationReason,
  serialFromHex,
} from '@vcc-pki/x509';
import { encodeExtensions } from '../src/extension.ts';
import { makeKey } from './support/keys.ts';
import { assertRefused, verify } from './support/path.ts';
import { nameOf, now, serialOf, TestCa, type TestEntity } from './support/test-ca.ts';

const root = TestCa.root();
const ica = root.issueCa('ICA');
const leaf = ica.issue();
const base = { leaf, intermediates: [ica], anchors: [root] };
const required = { ...base, revocation: 'require' } as const;
const rootCrl = root.crl();
const revokedAt = now - 5_000_000;

const entry = (entity: TestEntity, reason?: RevocationReason) => ({
  serialNumber: serialOf(entity),
  revokedAt,
  ...(reason && { reason }),
});
const uri = (value: string): DistributionPointName => ({
  type: 'fullName',
  names: [{ type: 'uniformResourceIdentifier', value }],
});

test('a fresh CRL for every certificate proves them good, and is named as evidence', async () => {
  const path = await verify({ ...required, crls: [rootCrl, ica.crl({ number: 7 })] });
  assert.deepEqual(
    path.revocation.map(({ index, status, sources }) => [index, status, sources.map(({ type }) => type)]),
    [
      [0, 'good', ['crl']],
      [1, 'good', ['crl']],
    ],
  );
  const [source] = path.revocation[0]!.sources;
  assert.equal(source?.type === 'crl' && source.crlNumber, 7n);
});

test('a revoked certificate is refused with time and reason, whichever it is', async () => {
  const crls = [rootCrl, ica.crl({ entries: [entry(leaf, 'keyCompromise')] })];
  for (const revocation of ['require', 'ifPresent'] as const) {
    const error = await assertRefused({ ...base, crls, revocation }, 'revoked', 0);
    assert.deepEqual(error.revocation, { revokedAt, reason: 'keyCompromise' });
  }
  await verify({ ...base, crls, revocation: 'none' });
  const revokedCa = [root.crl({ entries: [entry(ica)] }), ica.crl()];
  const error = await assertRefused({ ...required, crls: revokedCa }, 'revoked', 1);
  assert.equal(error.revocation?.reason, 'unspecified');
});

test('require fails for what nothing speaks of; ifPresent only for what cannot be relied on', async () => {
  await assertRefused({ ...required, crls: [ica.crl()] }, 'revocationUndetermined', 1);
  await assertRefused({ ...required, crls: [rootCrl] }, 'revocationUndetermined', 0);
  const path = await verify({ ...base, crls: [rootCrl], revocation: 'ifPresent' });
  assert.deepEqual(
    path.revocation.map(({ status }) => status),
    ['notChecked', 'good'],
  );
  const stale = ica.crl({ nextUpdate: now - 5000 });
  await assertRefused({ ...base, crls: [stale], revocation: 'ifPresent' }, 'revocationUndetermined', 0);
});

test('both ends of a CRL’s time count, the last with its whole second', async () => {
  const [thisUpdate, nextUpdate] = [now - 60_000, now + 60_000];
  const crls = [rootCrl, ica.crl({ thisUpdate, nextUpdate })];
  for (const at of [thisUpdate, nextUpdate, nextUpdate + 999]) await verify({ ...required, crls, at });
  for (const at of [thisUpdate - 1, nextUpdate + 1000]) {
    await assertRefused({ ...required, crls, at }, 'revocationUndetermined', 0);
  }
});

test('a CRL must be signed by the issuer’s key, which must have cRLSign', async () => {
  const forged = ica.crl({ key: makeKey() });
  await assertRefused({ ...required, crls: [rootCrl, forged] }, 'revocationUndetermined', 0);
  await verify({ ...required, crls: [rootCrl, forged, ica.crl({ thisUpdate: now - 100_000_000 })] });
  const mute = root.issueCa('Mute', { extensions: { keyUsage: encodeKeyUsage(['keyCertSign']) } });
  const request = { leaf: mute.issue(), intermediates: [mute], anchors: [root], revocation: 'require' } as const;
  await assertRefused({ ...request, crls: [rootCrl, mute.crl()] }, 'revocationUndetermined', 0);
});

test('another key of the issuer’s name may sign, with a path to the same anchor that is not revoked itself', async () => {
  const extensions = { keyUsage: encodeKeyUsage(['cRLSign']), basicConstraints: null };
  const signer = root.issueCa('ICA', { extensions });
  const crls = [rootCrl, ica.crl({ key: signer.key, entries: [] })];
  const request = { ...required, intermediates: [ica, signer] };
  await verify({ ...request, crls });
  await assertRefused({ ...required, crls }, 'revocationUndetermined', 0);
  const revokedSigner = [root.crl({ entries: [entry(signer)] }), crls[1]!];
  await assertRefused({ ...request, crls: revokedSigner }, 'revocationUndetermined', 0);
  const elsewhere = TestCa.root('Elsewhere');
  const stranger = elsewhere.issueCa('ICA', { key: signer.key, extensions });
  const strange = { ...required, intermediates: [ica, stranger], anchors: [root, elsewhere] };
  await assertRefused({ ...strange, crls: [...crls, elsewhere.crl()] }, 'revocationUndetermined', 0);
});

test('an unknown critical extension of the CRL or of any entry makes it unusable', async () => {
  const unknown = { tlsFeature: { value: encodeCRLNumber(1), critical: true } };
  await assertRefused({ ...required, crls: [rootCrl, ica.crl({ extensions: unknown })] }, 'revocationUndetermined', 0);
  const critical = { cRLNumber: { value: encodeCRLNumber(1), critical: true } };
  await assertRefused({ ...required, crls: [rootCrl, ica.crl({ extensions: critical })] }, 'revocationUndetermined', 0);
  const oddEntry = encodeSequence(
    encodeElement(Tag.integer, serialFromHex('77')),
    encodeTime(revokedAt),
    encodeExtensions([{ id: '1.2.3.4', critical: true, value: encodeCRLNumber(1) }]),
  );
  for (const entries of [[oddEntry], [oddEntry, entry(leaf)]]) {
    await assertRefused({ ...required, crls: [rootCrl, ica.crl({ entries })] }, 'revocationUndetermined', 0);
  }
  const ordinary = Array.from({ length: 300 }, (_, i) => ({
    serialNumber: serialFromHex(`ff${i + 1000}`),
    revokedAt,
    reason: 'superseded' as const,
  }));
  await verify({ ...required, crls: [rootCrl, ica.crl({ entries: ordinary })] });
  await assertRefused(
    { ...required, crls: [rootCrl, ica.crl({ entries: [...ordinary, entry(leaf, 'superseded')] })] },
    'revoked',
    0,
  );
  await assertRefused(
    { ...required, crls: [rootCrl, ica.crl({ entries: [...ordinary, Uint8Array.of(0x30, 0)] })] },
    'revocationUndetermined',
    0,
  );
});

test('scope: CRLs for CAs, users, attributes and other shards do not speak of the certificate', async () => {
  const of = (point: object): Der => ica.crl({ issuingDistributionPoint: point });
  await verify({ ...required, crls: [rootCrl, of({ onlyContainsUserCerts: true })] });
  const others = [
    { onlyContainsCACerts: true },
    { onlyContainsAttributeCerts: true },
    { distributionPoint: uri('http://a/1') },
  ];
  for (const point of others) {
    await assertRefused({ ...required, crls: [rootCrl, of(point)] }, 'revocationUndetermined', 0);
    const path = await verify({ ...base, crls: [rootCrl, of(point)], revocation: 'ifPresent' });
    assert.equal(path.revocation[0]?.status, 'notChecked');
  }
  const caCrl = root.crl({ issuingDistributionPoint: { onlyContainsCACerts: true } });
  await verify({ ...required, crls: [caCrl, ica.crl()] });
});

test('a shard speaks for the certificates that name it', async () => {
  const sharded = ica.issue({
    extensions: { cRLDistributionPoints: encodeCRLDistributionPoints([{ distributionPoint: uri('http://crl/3') }]) },
  });
  const shard = (n: number, entries: readonly TestEntity[] = []): Der =>
    ica.crl({
      issuingDistributionPoint: { distributionPoint: uri(`http://crl/${n}`) },
      entries: entries.map((e) => entry(e)),
    });
  const request = { ...required, leaf: sharded };
  await verify({ ...request, crls: [rootCrl, shard(1, [sharded]), shard(3)] });
  await assertRefused({ ...request, crls: [rootCrl, shard(1), shard(2)] }, 'revocationUndetermined', 0);
  await assertRefused({ ...request, crls: [rootCrl, shard(3, [sharded])] }, 'revoked', 0);
  // A complete CRL without issuingDistributionPoint speaks for all.
  await verify({ ...request, crls: [rootCrl, ica.crl()] });
});

test('CRLs by reason are enough only together', async () => {
  const some = (
    onlySomeReasons: readonly ('keyCompromise' | 'superseded')[],
    entries: readonly TestEntity[] = [],
  ): Der =>
    ica.crl({ issuingDistributionPoint: { onlySomeReasons }, entries: entries.map((e) => entry(e, 'superseded')) });
  await assertRefused({ ...required, crls: [rootCrl, some(['keyCompromise'])] }, 'revocationUndetermined', 0);
  await assertRefused(
    { ...required, crls: [rootCrl, some(['keyCompromise']), some(['superseded'], [leaf])] },
    'revoked',
    0,
  );
  await verify({ ...required, crls: [rootCrl, some(['keyCompromise']), ica.crl()] });
});

test('of several CRLs the newest counts', async () => {
  const older = ica.crl({ thisUpdate: now - 90_000_000, entries: [entry(leaf)] });
  await verify({ ...required, crls: [rootCrl, older, ica.crl()] });
  await assertRefused(
    { ...required, crls: [rootCrl, ica.crl({ entries: [entry(leaf)] }), ica.crl({ thisUpdate: now - 90_000_000 })] },
    'revoked',
  );
});

const delta = (baseNumber: number, number: number, input: object = {}): Der =>
  ica.crl({ number, extensions: { deltaCRLIndicator: encodeDeltaCRLIndicator(baseNumber) }, ...input });

test('a delta CRL adds to the complete one and takes back', async () => {
  const complete = ica.crl({ number: 5 });
  const adds = delta(5, 6, { entries: [entry(leaf, 'superseded')] });
  await assertRefused({ ...required, crls: [rootCrl, complete, adds] }, 'revoked', 0);
  const held = ica.crl({ number: 5, entries: [entry(leaf, 'certificateHold')] });
  await assertRefused({ ...required, crls: [rootCrl, held] }, 'revoked', 0);
  const takesBack = delta(5, 6, { entries: [entry(leaf, 'removeFromCRL')] });
  const path = await verify({ ...required, crls: [rootCrl, held, takesBack] });
  assert.deepEqual(
    path.revocation[0]!.sources.map(({ type }) => type),
    ['deltaCrl', 'crl'],
  );
});

test('a delta CRL counts only over a complete one of its scope, key and number', async () => {
  const complete = ica.crl({ number: 5 });
  const revoke = { entries: [entry(leaf)] };
  const shard = { distributionPoint: uri('http://crl/1') };
  const misfits = [
    delta(6, 7, revoke),
    delta(4, 5, revoke),
    delta(5, 6, { ...revoke, nextUpdate: now - 5000 }),
    delta(5, 6, { ...revoke, issuingDistributionPoint: shard }),
    delta(5, 6, { ...revoke, key: makeKey() }),
  ];
  for (const misfit of misfits) await verify({ ...required, crls: [rootCrl, complete, misfit] });
  await assertRefused({ ...required, crls: [rootCrl, delta(5, 6)] }, 'revocationUndetermined', 0);
  // The highest number speaks.
  await verify({ ...required, crls: [rootCrl, complete, delta(5, 6, revoke), delta(5, 7)] });
});

test('a complete CRL past its nextUpdate will do as the base of a fresh delta CRL', async () => {
  const stale = ica.crl({ number: 5, nextUpdate: now - 5000 });
  await assertRefused({ ...required, crls: [rootCrl, stale] }, 'revocationUndetermined', 0);
  await verify({ ...required, crls: [rootCrl, stale, delta(5, 6)] });
  await assertRefused(
    { ...required, crls: [rootCrl, stale, delta(5, 6, { key: makeKey() })] },
    'revocationUndetermined',
    0,
  );
});

const crlIssuer = root.issueCa('CRL issuer', {
  extensions: { keyUsage: encodeKeyUsage(['cRLSign']), basicConstraints: null },
});
const named = { type: 'directoryName', value: parseName(nameOf('CRL issuer')) } as const;
const delegated = ica.issue({
  extensions: {
    cRLDistributionPoints: encodeCRLDistributionPoints([{ distributionPoint: uri('http://i'), cRLIssuer: [named] }]),
  },
});

function entryOf(issuer: Der, entity: TestEntity): Der {
  const extensions = encodeExtensions([
    { id: extensionId.reasonCode, critical: false, value: encodeReasonCode('superseded') },
    {
      id: extensionId.certificateIssuer,
      critical: true,
      value: encodeCertificateIssuer([{ type: 'directoryName', value: parseName(issuer) }]),
    },
  ]);
  return encodeSequence(encodeElement(Tag.integer, serialOf(entity)), encodeTime(revokedAt), extensions);
}

test('an indirect CRL speaks for certificates that name its issuer; its entries name theirs', async () => {
  const indirect = (entries: readonly Der[] = [], indirectCRL = true): Der =>
    crlIssuer.crl({ issuingDistributionPoint: { distributionPoint: uri('http://i'), indirectCRL }, entries });
  const request = { ...required, leaf: delegated, intermediates: [ica, crlIssuer] };
  await verify({ ...request, crls: [rootCrl, indirect()] });
  await assertRefused({ ...request, crls: [rootCrl, indirect([entryOf(nameOf('ICA'), delegated)])] }, 'revoked', 0);
  await verify({ ...request, crls: [rootCrl, indirect([entryOf(nameOf('Other'), delegated)])] });
  // Without a name of its own an entry is of the issuer named last, or of the CRL's issuer.
  const plain = encodeRevokedEntry({ serialNumber: serialOf(delegated), revokedAt });
  await verify({ ...request, crls: [rootCrl, indirect([plain])] });
  const other = entryOf(nameOf('ICA'), leaf);
  await assertRefused({ ...request, crls: [rootCrl, indirect([other, plain])] }, 'revoked', 0);
  await assertRefused({ ...request, crls: [rootCrl, indirect([], false)] }, 'revocationUndetermined', 0);
  await assertRefused({ ...required, leaf: delegated, crls: [rootCrl, indirect()] }, 'revocationUndetermined', 0);
  await assertRefused(
    { ...required, intermediates: [ica, crlIssuer], crls: [rootCrl, indirect()] },
    'revocationUndetermined',
    0,
  );
});

test('certificateIssuer in a CRL that is not indirect makes it unusable', async () => {
  const crl = ica.crl({ entries: [entryOf(nameOf('ICA'), leaf)] });
  await assertRefused({ ...required, crls: [rootCrl, crl] }, 'revocationUndetermined', 0);
});

test('noRevAvail stands in for revocation in end entities, not in CAs (RFC 9608)', async () => {
  const shortLived = ica.issue({ extensions: { noRevAvail: encodeNoRevAvail() } });
  const path = await verify({ ...required, leaf: shortLived, crls: [rootCrl] });
  assert.equal(path.revocation[0]?.status, 'notRevocable');
  const ca = root.issueCa('CA', { extensions: { noRevAvail: encodeNoRevAvail() } });
  const request = { leaf: ca.issue(), intermediates: [ca], anchors: [root], revocation: 'require' } as const;
  await assertRefused({ ...request, crls: [ca.crl()] }, 'revocationUndetermined', 1);
});

test('CRLs that cannot be parsed say nothing', async () => {
  const junk = [new Uint8Array(), rootCrl.subarray(1), leaf.der];
  await verify({ ...required, crls: [...junk, rootCrl, ica.crl()] });
  const error = await assertRefused({ ...required, crls: junk }, 'revocationUndetermined', 1);
  assert.match(error.message, /3/);
});

test('with conformance profile a CRL must have a number', async () => {
  const crls = [rootCrl, ica.crl({ extensions: { cRLNumber: null } })];
  await verify({ ...required, crls });
  await assertRefused({ ...required, crls, conformance: 'profile' }, 'revocationUndetermined', 0);
});

test('many CRLs of the right name and wrong keys end within maxSignatures', async () => {
  const key = makeKey();
  const forged = Array.from({ length: 120 }, (_, i) => ica.crl({ key, number: i + 2 }));
  await assertRefused({ ...required, crls: [rootCrl, ...forged] }, 'limitExceeded');
});
