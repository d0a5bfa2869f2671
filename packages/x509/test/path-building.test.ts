// Finding the path: cross-signed and wrong candidates, loops, limits, and which fault is reported.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeBasicConstraints, encodeSubjectKeyIdentifier, PathError, verifyCertificationPath } from '@vcc-pki/x509';
import { makeKey } from './support/keys.ts';
import { assertRefused, verify } from './support/path.ts';
import { now, TestCa } from './support/test-ca.ts';

const root = TestCa.root('Root');
const ica = root.issueCa('ICA');
const leaf = ica.issue();

test('the chain goes from the end entity to the trust anchor', async () => {
  const path = await verify({ leaf, intermediates: [ica], anchors: [root] });
  assert.deepEqual(path.chain, [leaf.der, ica.der, root.der]);
  assert.deepEqual(path.policies, []);
  assert.deepEqual(
    path.revocation.map(({ index, status }) => [index, status]),
    [
      [0, 'notChecked'],
      [1, 'notChecked'],
    ],
  );
});

test('time may be a Date; anything else that is no time is misuse', async () => {
  const path = await verify({ leaf, intermediates: [ica], anchors: [root], at: new Date(now) });
  assert.equal(path.chain.length, 3);
  await assert.rejects(verify({ leaf, anchors: [root], at: Number.NaN }), RangeError);
});

test('intermediates come in any order, among strangers, twice, and beside what is no certificate', async () => {
  const strangers = Array.from({ length: 5 }, (_, i) => TestCa.root(`Stranger ${i}`));
  const path = await verifyCertificationPath({
    endEntity: leaf.der,
    intermediates: [
      ...strangers.map(({ der }) => der),
      new Uint8Array([0x30, 0x03, 1, 2, 3]),
      new Uint8Array(),
      root.der,
      leaf.der,
      ica.der,
      ica.der,
    ],
    trustAnchors: [new Uint8Array([0x30]), strangers[0]!.der, root.der],
    at: now,
  });
  assert.deepEqual(path.chain, [leaf.der, ica.der, root.der]);
});

test('without a way to an anchor the issuer is unknown, and the text tells what could not be read', async () => {
  await assertRefused({ leaf, intermediates: [], anchors: [root] }, 'unknownIssuer', 0);
  await assertRefused({ leaf, intermediates: [ica], anchors: [TestCa.root('Other')] }, 'unknownIssuer');
  await assertRefused({ leaf, intermediates: [ica], anchors: [] }, 'unknownIssuer');
});

test('an end entity that cannot be parsed is malformed', async () => {
  const request = { intermediates: [], trustAnchors: [root.der], at: now };
  for (const endEntity of [new Uint8Array(), leaf.der.subarray(1), new Uint8Array([...leaf.der, 0])]) {
    await assert.rejects(
      verifyCertificationPath({ ...request, endEntity }),
      (error) => error instanceof PathError && error.code === 'malformedCertificate' && error.index === 0,
    );
  }
});

test('a path through a cross-certificate is found when only the other root is trusted', async () => {
  const newRoot = TestCa.root('New Root');
  const cross = newRoot.crossSignedBy(root);
  const child = newRoot.issue();
  const direct = await verify({ leaf: child, intermediates: [cross], anchors: [newRoot, root] });
  assert.deepEqual(direct.chain, [child.der, newRoot.der]);
  const crossed = await verify({ leaf: child, intermediates: [newRoot, cross], anchors: [root] });
  assert.deepEqual(crossed.chain, [child.der, cross.der, root.der]);
});

test('a fault on one path does not keep another from being found', async () => {
  const expired = root.issueCa('ICA', { key: ica.key, notAfter: now - 1_000_000 });
  const noCa = root.issueCa('ICA', {
    key: ica.key,
    extensions: { basicConstraints: encodeBasicConstraints({ cA: false }) },
  });
  const wrongKey = root.issueCa('ICA');
  const samePretended = root.issueCa('ICA', {
    extensions: { subjectKeyIdentifier: encodeSubjectKeyIdentifier(new Uint8Array(20)) },
  });
  const wrong = [expired, noCa, wrongKey, samePretended];
  const path = await verify({ leaf, intermediates: [...wrong, ica, ...wrong], anchors: [root] });
  assert.deepEqual(path.chain, [leaf.der, ica.der, root.der]);
});

test('of several faults the most specific one is reported', async () => {
  const expired = root.issueCa('ICA', { key: ica.key, notAfter: now - 1_000_000 });
  const wrongKey = root.issueCa('ICA');
  const short = root.issueCa('Short', {
    extensions: { basicConstraints: encodeBasicConstraints({ cA: true, pathLenConstraint: 0 }) },
  });
  const below = root.issueCa('ICA', { key: ica.key, issuer: short.subject });
  await assertRefused({ leaf, intermediates: [wrongKey], anchors: [root] }, 'badSignature', 0);
  await assertRefused({ leaf, intermediates: [wrongKey, expired], anchors: [root] }, 'expired', 1);
  // It names Short as its issuer, but the root signed it.
  await assertRefused({ leaf, intermediates: [below, short], anchors: [root] }, 'badSignature', 1);
  const sub = short.issueCa('ICA', { key: ica.key });
  await assertRefused(
    { leaf, intermediates: [wrongKey, expired, sub, short], anchors: [root] },
    'pathLengthExceeded',
    1,
  );
});

test('an issuer that signed with another key than the one it shows is refused', async () => {
  const impostor = TestCa.root('Root');
  const fake = impostor.issueCa('ICA', { key: ica.key });
  await assertRefused({ leaf, intermediates: [fake], anchors: [root] }, 'badSignature', 1);
});

test('a trust anchor in place of the end entity is a path of one', async () => {
  const path = await verify({ leaf: root, anchors: [root] });
  assert.deepEqual(path.chain, [root.der]);
  assert.deepEqual(path.revocation, []);
  const tampered = new Uint8Array(root.der);
  tampered[tampered.length - 1]! ^= 1;
  await assertRefused({ leaf: new TestCa(tampered, root.key), anchors: [root] }, 'badSignature', 0);
});

test('an anchor need not be self-signed, and its own issuer does not matter', async () => {
  const path = await verify({ leaf, anchors: [ica] });
  assert.deepEqual(path.chain, [leaf.der, ica.der]);
});

test('a trust anchor that is expired, no CA or of unknown criticality anchors nothing', async () => {
  const key = makeKey();
  const anchor = (input: object): TestCa => TestCa.root('Anchor', { key, ...input });
  const child = anchor({}).issue();
  await verify({ leaf: child, anchors: [anchor({})] });
  await assertRefused({ leaf: child, anchors: [anchor({ notAfter: now - 5000 })] }, 'expired', 1);
  const noCa = anchor({ extensions: { basicConstraints: null } });
  await assertRefused({ leaf: child, anchors: [noCa] }, 'notACertificationAuthority', 1);
  const path = await verify({ leaf: child, anchors: [noCa, anchor({ notAfter: now - 5000 }), anchor({})] });
  assert.equal(path.chain.length, 2);
});

test('maxIntermediates counts the certificates between end entity and anchor', async () => {
  const chain = [root];
  for (let i = 0; i < 4; i++) chain.push(chain.at(-1)!.issueCa(`Level ${i}`));
  const request = { leaf: chain.at(-1)!.issue(), intermediates: chain.slice(1), anchors: [root] };
  assert.equal((await verify({ ...request, limits: { maxIntermediates: 4 } })).chain.length, 6);
  await assertRefused({ ...request, limits: { maxIntermediates: 3 } }, 'tooManyIntermediates', 4);
});

test('a mesh in which every CA certifies every other is searched within the limits', async () => {
  const keys = Array.from({ length: 8 }, () => makeKey());
  const cas = keys.map((key, i) => TestCa.root(`Mesh ${i}`, { key }));
  const mesh = cas.flatMap((ca, i) => cas.filter((_, j) => j !== i).map((other) => ca.crossSignedBy(other)));
  const child = cas[0]!.issue();
  // Nothing leads to the anchor: seen without a single signature.
  await assertRefused(
    { leaf: child, intermediates: mesh, anchors: [root], limits: { maxSignatures: 0 } },
    'unknownIssuer',
  );
  // One way out exists, from the far end.
  const exit = cas[7]!.crossSignedBy(root);
  const path = await verify({ leaf: child, intermediates: [...mesh, exit], anchors: [root] });
  assert.deepEqual(path.chain.at(-2), exit.der);
  // The way out is barred by a bad signature: known after one chain, so the mesh is not walked again and again.
  const bad = new Uint8Array(exit.der);
  bad[bad.length - 1]! ^= 1;
  const barred = [...mesh, new TestCa(bad, exit.key)];
  const limits = { maxPaths: 1, maxSignatures: 20, maxCandidates: 5000 };
  await assertRefused({ leaf: child, intermediates: barred, anchors: [root], limits }, 'badSignature');
});

test('many layers of candidates whose fault shows only at the top end within maxPaths', async () => {
  // 6 layers of 4 CAs with one name each, every one signed by every one above: 4^6 paths, all too long for the root.
  const strict = TestCa.root('Strict', {
    extensions: { basicConstraints: encodeBasicConstraints({ cA: true, pathLenConstraint: 0 }) },
  });
  let above: readonly TestCa[] = [strict];
  const all: TestCa[] = [];
  for (let layer = 0; layer < 6; layer++) {
    const keys = Array.from({ length: 4 }, () => makeKey());
    const made = keys.flatMap((key) => above.map((issuer) => issuer.issueCa(`Layer ${layer}`, { key })));
    all.push(...made);
    above = keys.map((key) => made.find((ca) => ca.key === key)!);
  }
  const request = { leaf: above[0]!.issue(), intermediates: all, anchors: [strict] };
  await assertRefused(request, 'limitExceeded');
  await assertRefused({ ...request, limits: { maxPaths: 5 } }, 'limitExceeded');
  await assertRefused({ ...request, limits: { maxSignatures: 3 } }, 'limitExceeded');
  await assertRefused({ ...request, limits: { maxCandidates: 10 } }, 'limitExceeded');
});

test('a thousand certificates of the issuer’s name with other keys do not hide the right one', async () => {
  const key = makeKey();
  const wrong = Array.from({ length: 1000 }, (_, i) =>
    root.issueCa('ICA', {
      key,
      extensions: { subjectKeyIdentifier: encodeSubjectKeyIdentifier(Uint8Array.of(i >> 8, i)) },
    }),
  );
  const path = await verify({ leaf, intermediates: [...wrong, ica], anchors: [root], limits: { maxSignatures: 2 } });
  assert.deepEqual(path.chain, [leaf.der, ica.der, root.der]);
});

test('an array that is filled anew is parsed anew', async () => {
  const other = TestCa.root('Root');
  const anchor = new Uint8Array(Math.max(root.der.length, other.der.length));
  const request = { endEntity: leaf.der, intermediates: [ica.der], at: now };
  const buffer = Buffer.from(root.der);
  await verifyCertificationPath({ ...request, trustAnchors: [buffer] });
  anchor.set(root.der);
  buffer[buffer.length - 1]! ^= 1;
  const key = buffer.indexOf(root.key.spki);
  buffer[key + root.key.spki.length - 1]! ^= 1;
  await assert.rejects(verifyCertificationPath({ ...request, trustAnchors: [buffer] }), PathError);
});
