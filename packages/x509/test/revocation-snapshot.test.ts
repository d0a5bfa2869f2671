// Snapshots of what is revoked: who may sign them, for how long they count, and that they only move forward.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  buildTbsRevocationSnapshot,
  encodeExtKeyUsage,
  encodeOcspNoCheck,
  encodeRevocationSnapshot,
  keyIdentifier,
  keyPurposeId,
  parseRevocationSnapshot,
  RevocationSnapshot,
  type RevocationSnapshotContent,
  RevocationSnapshotError,
  type RevocationSnapshotErrorCode,
  type SerialNumber,
  serialFromOctets,
  snapshotEntry,
  sortEntries,
  verifyRevocationSnapshot,
} from '@vcc-pki/x509';
import fc from 'fast-check';
import { mutate, mutations } from './support/mutations.ts';
import { outcome } from './support/readings.ts';
import { now, TestCa, type TestEntity } from './support/test-ca.ts';

const root = TestCa.root();
const ica = root.issueCa('ICA');
const verification = { issuer: ica.der, at: now };

function responder(by: TestCa, extensions: object = {}): TestEntity {
  return by.issue({
    subject: 'Responder',
    extensions: {
      extKeyUsage: encodeExtKeyUsage([keyPurposeId.OCSPSigning]),
      ocspNoCheck: encodeOcspNoCheck(),
      subjectAltName: null,
      ...extensions,
    },
  });
}

const delegate = responder(ica);

function contentOf(serials: readonly SerialNumber[], input: Partial<RevocationSnapshotContent> = {}) {
  return {
    issuerKeyId: keyIdOf(ica),
    kind: 'full',
    fromRevision: 0,
    revision: serials.length,
    thisUpdate: now,
    nextUpdate: now + 3_600_000,
    entries: sortEntries(serials.map(snapshotEntry)),
    ...input,
  } satisfies RevocationSnapshotContent;
}

function keyIdOf({ key }: TestCa): Uint8Array {
  return keyIdentifier(key.spki);
}

/** Signs with the key of `signer`; its certificate goes along unless told otherwise. */
function sign(
  content: RevocationSnapshotContent,
  signer: TestEntity = delegate,
  certificates = [signer.der],
): Uint8Array {
  const tbsDer = buildTbsRevocationSnapshot(content);
  const { algorithm } = signer.key;
  return encodeRevocationSnapshot({
    tbsDer,
    signatureAlgorithm: algorithm,
    signature: signer.key.sign(tbsDer),
    certificates,
  });
}

const serial = (n: number): SerialNumber => serialFromOctets(Uint8Array.of(1, n >> 8, n & 255));
const serials = (from: number, to: number): SerialNumber[] =>
  Array.from({ length: to - from + 1 }, (_, i) => serial(from + i));

async function assertRefused(attempt: Promise<unknown>, code: RevocationSnapshotErrorCode): Promise<void> {
  await assert.rejects(attempt, (error) => {
    assert.ok(error instanceof RevocationSnapshotError, String(error));
    assert.equal(error.code, code);
    return true;
  });
}

test('what is built is what is parsed', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.nat(60_000), { maxLength: 50 }),
      fc.nat(2 ** 31 - 1),
      fc.boolean(),
      (numbers, revision, isDelta) => {
        const fromRevision = isDelta ? Math.floor(revision / 2) : 0;
        const content = contentOf(numbers.map(serial), { kind: isDelta ? 'delta' : 'full', fromRevision, revision });
        const parsed = parseRevocationSnapshot(sign(content));
        for (const name of Object.keys(content) as (keyof RevocationSnapshotContent)[]) {
          assert.deepEqual(parsed[name], content[name], name);
        }
      },
    ),
    { numRuns: 50 },
  );
});

test('content that contradicts itself is not built', () => {
  const [entry] = [snapshotEntry(serial(1))] as const;
  for (const wrong of [
    { fromRevision: 1, revision: 2 },
    { kind: 'delta', fromRevision: 3, revision: 2 },
    { revision: 2 ** 31 },
    { entries: entry.subarray(1) },
    { entries: Buffer.concat([entry, entry]) },
  ] as const) {
    assert.throws(() => buildTbsRevocationSnapshot(contentOf([], wrong)), RangeError);
  }
});

test('a changed snapshot gives typed errors only, and none is taken', async () => {
  const der = sign(contentOf(serials(1, 5)));
  fc.assert(
    fc.property(mutations, (changes) => void outcome(() => parseRevocationSnapshot(mutate(der, changes)))),
    { numRuns: 3000 },
  );
  for (let at = 0; at < der.length; at++) {
    const changed = der.slice();
    changed[at] = (changed[at] as number) ^ 0x01;
    outcome(() => parseRevocationSnapshot(changed));
  }
  const { tbsDer } = parseRevocationSnapshot(der);
  const start = tbsDer.byteOffset - der.byteOffset;
  for (let at = start; at < start + tbsDer.length; at += 3) {
    const changed = der.slice();
    changed[at] = (changed[at] as number) ^ 0x01;
    await assert.rejects(verifyRevocationSnapshot(changed, verification));
  }
});

test('the CA itself and its delegate may sign', async () => {
  await verifyRevocationSnapshot(sign(contentOf([]), ica, []), verification);
  await verifyRevocationSnapshot(sign(contentOf([])), verification);
});

test('nobody else may', async () => {
  const content = contentOf([]);
  await assertRefused(verifyRevocationSnapshot(sign(content, delegate, []), verification), 'badSignature');
  await assertRefused(verifyRevocationSnapshot(sign(content, ica.issue()), verification), 'wrongSigner');
  const foreign = responder(root.issueCa('ICA'));
  await assertRefused(verifyRevocationSnapshot(sign(content, foreign), verification), 'wrongSigner');
  await assertRefused(verifyRevocationSnapshot(sign(content, responder(root)), verification), 'wrongSigner');
  const unlimited = responder(ica, { ocspNoCheck: null });
  await assertRefused(verifyRevocationSnapshot(sign(content, unlimited), verification), 'wrongSigner');
});

test('it is about one issuer, and for a while', async () => {
  const der = sign(contentOf([]));
  await assertRefused(verifyRevocationSnapshot(der, { ...verification, issuer: root.der }), 'wrongIssuer');
  for (const at of [now - 300_000, now + 3_600_999]) await verifyRevocationSnapshot(der, { ...verification, at });
  const early = verifyRevocationSnapshot(der, { ...verification, at: now - 300_001 });
  await assertRefused(early, 'notYetValid');
  await assertRefused(verifyRevocationSnapshot(der, { ...verification, at: now + 3_601_000 }), 'expired');
});

test('it knows what is revoked, and deltas add to it', async () => {
  const snapshot = await RevocationSnapshot.open(sign(contentOf(serials(1, 300))), verification);
  assert.ok(snapshot.isRevoked(serial(300)));
  assert.ok(!snapshot.isRevoked(serial(301)));
  const delta = (from: number, to: number) =>
    sign(contentOf(serials(from + 1, to), { kind: 'delta', fromRevision: from, revision: to }));
  assert.equal(await snapshot.apply(delta(300, 302), now), 'applied');
  assert.ok(snapshot.isRevoked(serial(302)));
  assert.equal(await snapshot.apply(delta(300, 302), now), 'known');
  await assertRefused(snapshot.apply(delta(303, 304), now), 'gap');
  assert.equal(await snapshot.apply(delta(302, 8000), now), 'applied');
  assert.equal(await snapshot.apply(delta(8000, 8001), now), 'applied');
  for (const n of [1, 302, 303, 8000, 8001]) assert.ok(snapshot.isRevoked(serial(n)), String(n));
  assert.ok(!snapshot.isRevoked(serial(8002)));
  assert.equal(snapshot.revision, 8001);
});

test('many small deltas are kept as one large would be', async () => {
  const snapshot = await RevocationSnapshot.open(sign(contentOf([])), verification);
  for (let from = 0; from < 9000; from += 1000) {
    const content = contentOf(serials(from + 1, from + 1000), {
      kind: 'delta',
      fromRevision: from,
      revision: from + 1000,
    });
    await snapshot.apply(sign(content), now);
  }
  for (let n = 1; n <= 9000; n += 7) assert.ok(snapshot.isRevoked(serial(n)), String(n));
  assert.ok(!snapshot.isRevoked(serial(9001)));
});

test('it never goes back', async () => {
  const snapshot = await RevocationSnapshot.open(sign(contentOf(serials(1, 9))), verification);
  await assertRefused(snapshot.apply(sign(contentOf(serials(1, 8))), now), 'rollback');
  assert.equal(await snapshot.apply(sign(contentOf(serials(1, 9))), now), 'known');
  const stale = contentOf([], { kind: 'delta', fromRevision: 4, revision: 5, thisUpdate: now + 60_000 });
  assert.equal(await snapshot.apply(sign(stale), now), 'known');
  assert.equal(await snapshot.apply(sign(contentOf(serials(1, 12))), now), 'applied');
  assert.equal(snapshot.revision, 12);
});

test('an empty delta prolongs it, and a late one is too late', async () => {
  const snapshot = await RevocationSnapshot.open(sign(contentOf([])), verification);
  const later = { kind: 'delta', thisUpdate: now + 60_000, nextUpdate: now + 3_660_000 } as const;
  assert.equal(await snapshot.apply(sign(contentOf([], later)), now), 'applied');
  assert.ok(snapshot.isFresh(now + 3_660_999));
  assert.ok(!snapshot.isFresh(now + 3_661_000));
  await assertRefused(snapshot.apply(sign(contentOf([], later)), now + 3_700_000), 'expired');
});

test('a delta alone is no snapshot', async () => {
  const delta = sign(contentOf([], { kind: 'delta' }));
  await assertRefused(RevocationSnapshot.open(delta, verification), 'notFull');
});
