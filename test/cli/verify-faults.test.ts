import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { encodeNull, encodePem } from '@vcc-pki/asn1';
import {
  encodeBasicConstraints,
  encodeExtKeyUsage,
  encodeKeyUsage,
  encodeNameConstraints,
  encodePolicyConstraints,
  kekKeyPurposeId,
  keyPurposeId,
} from '@vcc-pki/x509';
import { exitCodes } from '../../apps/cli/src/exit-codes.ts';
import { makeKey, type TestKey } from '../../packages/x509/test/support/keys.ts';
import { dns, now, serialOf, TestCa, type TestEntity } from '../../packages/x509/test/support/test-ca.ts';
import { skipWithout } from '../support/system-program.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { bothAt, checksThat, opensslAccepts, verifyJson } from './support/verdict.ts';

const dayMs = 86_400_000;
const root = TestCa.root();
const issuing = root.issueCa('Issuing');

/** A certificate with one fault, and what else both judges need. */
interface Fault {
  readonly name: string;
  readonly leaf: TestEntity;
  /** From the leaf's issuer up. Default: `issuing`. */
  readonly intermediates?: readonly TestEntity[];
  readonly root?: TestEntity;
  readonly crls?: readonly Uint8Array[];
  readonly purpose?: readonly [ours: string, openssl: string];
  readonly refused: string;
  readonly index: number;
  readonly failed: readonly string[];
  /** Checks that had passed by then, of those that had to. */
  readonly passed?: readonly string[];
}

const constrained = root.issueCa('Constrained', {
  extensions: {
    nameConstraints: encodeNameConstraints({ permittedSubtrees: dns('other.local'), excludedSubtrees: [] }),
  },
});
const policed = root.issueCa('Policed', {
  extensions: { policyConstraints: encodePolicyConstraints({ requireExplicitPolicy: 0 }) },
});
const last = root.issueCa('Last', {
  extensions: { basicConstraints: encodeBasicConstraints({ cA: true, pathLenConstraint: 0 }) },
});
const tooDeep = last.issueCa('Too deep');
const shortLived = root.issueCa('Short-lived', { notAfter: now - dayMs });
const noSigner = root.issueCa('No signer', { extensions: { keyUsage: encodeKeyUsage(['cRLSign']) } });
const notCa = new TestCa(issuing.issue({ subject: 'Not a CA' }).der, makeKey());
const weakRoot = TestCa.root('Weak root', { key: rsaKey(1024) });
const sha1Root = TestCa.root('SHA-1 root', { key: rsaKey(2048, 'sha1WithRSAEncryption') });
const good = issuing.issue();

const faults: readonly Fault[] = [
  {
    name: 'a CA that expired',
    leaf: shortLived.issue(),
    intermediates: [shortLived],
    refused: 'expired',
    index: 1,
    failed: ['validity'],
  },
  {
    name: 'a name that the CA may not issue for',
    leaf: constrained.issue(),
    intermediates: [constrained],
    refused: 'nameNotPermitted',
    index: 0,
    failed: ['names'],
    passed: ['path', 'form', 'signatures'],
  },
  {
    name: 'more CAs than allowed',
    leaf: tooDeep.issue(),
    intermediates: [tooDeep, last],
    refused: 'pathLengthExceeded',
    index: 1,
    failed: ['pathLength'],
    passed: ['path', 'form', 'signatures'],
  },
  {
    name: 'an issuer that is no CA',
    leaf: notCa.issue(),
    intermediates: [notCa, issuing],
    refused: 'notACertificationAuthority',
    index: 1,
    failed: ['authority'],
  },
  {
    name: 'a CA whose key may not sign certificates',
    leaf: noSigner.issue(),
    intermediates: [noSigner],
    refused: 'keyUsageNotAllowed',
    index: 1,
    failed: ['authority'],
  },
  {
    name: 'a critical extension that nobody knows',
    leaf: issuing.issue({ extensions: { tlsFeature: { value: encodeNull(), critical: true } } }),
    refused: 'unsupportedCriticalExtension',
    index: 0,
    failed: ['criticalExtensions'],
  },
  {
    name: 'an empty policy set where one is required',
    leaf: policed.issue(),
    intermediates: [policed],
    refused: 'policyNotAcceptable',
    index: 0,
    failed: ['policies'],
  },
  {
    name: 'a signature with SHA-1',
    leaf: sha1Root.issue(),
    intermediates: [],
    root: sha1Root,
    refused: 'algorithmNotAllowed',
    index: 0,
    failed: ['algorithms'],
    passed: ['path', 'form', 'signatures', 'validity'],
  },
  {
    name: 'a root with an RSA key of 1024 bits',
    leaf: weakRoot.issue(),
    intermediates: [],
    root: weakRoot,
    refused: 'keyNotAllowed',
    index: 1,
    failed: ['algorithms'],
    passed: ['path', 'form', 'signatures', 'validity'],
  },
  {
    name: 'a revoked CA',
    leaf: good,
    crls: [
      root.crl({ entries: [{ serialNumber: serialOf(issuing), revokedAt: now - dayMs, reason: 'cACompromise' }] }),
      issuing.crl(),
    ],
    refused: 'revoked',
    index: 1,
    failed: ['revocation'],
  },
  {
    name: 'a CRL that is out of date',
    leaf: good,
    crls: [root.crl(), issuing.crl({ thisUpdate: now - 3 * dayMs, nextUpdate: now - 2 * dayMs })],
    refused: 'revocationUndetermined',
    index: 0,
    failed: ['revocation'],
  },
  {
    name: "a server's certificate for signed programs",
    leaf: good,
    purpose: ['codeSigning', 'codesign'],
    refused: 'purposeNotAllowed',
    index: 0,
    failed: ['purpose'],
  },
  {
    name: 'a self-signed certificate that nobody trusts',
    leaf: TestCa.root('Nobody'),
    refused: 'unknownIssuer',
    index: 0,
    failed: ['path'],
  },
];

describe('vcc-pki verify finds the fault, as openssl does', { skip: skipWithout('openssl') }, () => {
  for (const fault of faults) {
    test(`${fault.name}: ${fault.refused}`, async (t) => {
      const { code, json, openssl } = await judgeBoth(fault, t);
      assert.equal(json.error?.code, fault.refused);
      assert.equal(json.error?.index, fault.index);
      assert.match(json.error?.section ?? '', /^RFC \d+ s/);
      assert.ok((json.error?.advice ?? '').length > 20);
      assert.deepEqual(checksThat('failed', json), fault.failed);
      const ok = checksThat('ok', json);
      for (const check of fault.passed ?? []) assert.ok(ok.includes(check), `${check} was in order`);
      assert.equal(code, exitCodes.failed);
      assert.equal(openssl, false, 'openssl verify accepts it');
    });
  }

  test('the same certificates without the fault: verified by both', async (t) => {
    const crls = [root.crl(), issuing.crl()];
    const { code, json, openssl } = await judgeBoth({ leaf: good, crls, purpose: ['serverAuth', 'sslserver'] }, t);
    assert.equal(code, exitCodes.ok, JSON.stringify(json.error));
    assert.ok(openssl);
  });
});

test('a CA whose key is unknown leaves the certificate without a path, and the tree ends where the issuer is missing', async (t) => {
  const put = await folder(t);
  const leaf = await put('leaf.cer', good.der);
  const { json } = await verifyJson([leaf, '--ca', await put('root.cer', root.der), ...at]);
  assert.equal(json.error?.code, 'unknownIssuer');
  assert.equal(json.path.complete, false);
  assert.deepEqual(
    json.path.certificates.map(({ file }) => file),
    [leaf],
  );
});

test('OCSP responses are evidence: good, revoked, and none where all are required', async (t) => {
  const put = await folder(t);
  const chain = [
    await put('leaf.cer', good.der),
    ...['--untrusted', await put('issuing.cer', issuing.der)],
    ...['--ca', await put('root.cer', root.der)],
    ...at,
  ];
  const ofCa = ['--ocsp', await put('ca.ors', root.ocsp(issuing))];
  const ofLeaf = ['--ocsp', await put('leaf.ors', issuing.ocsp(good))];
  const status = { type: 'revoked', revokedAt: now - dayMs, reason: 'keyCompromise' } as const;
  const revoked = ['--ocsp', await put('revoked.ors', issuing.ocsp(good, { status }))];
  const required = ['--revocation', 'require'];
  const verified = await verifyJson([...chain, ...ofCa, ...ofLeaf, ...required]);
  assert.deepEqual(
    verified.json.revocation?.map(({ status: one, sources }) => [one, ...sources.map(({ type }) => type)]),
    [
      ['good', 'ocsp'],
      ['good', 'ocsp'],
    ],
  );
  assert.equal((await verifyJson([...chain, ...ofCa, ...revoked])).json.error?.code, 'revoked');
  assert.equal((await verifyJson([...chain, ...ofLeaf, ...required])).json.error?.code, 'revocationUndetermined');
});

test('a KEK certificate is one only where its purpose says so', async (t) => {
  const put = await folder(t);
  const kek = issuing.issue({
    extensions: {
      extKeyUsage: encodeExtKeyUsage([kekKeyPurposeId]),
      keyUsage: encodeKeyUsage(['keyAgreement']),
    },
  });
  const server = issuing.issue({ extensions: { extKeyUsage: encodeExtKeyUsage([keyPurposeId.serverAuth]) } });
  const rest = ['--untrusted', await put('issuing.cer', issuing.der), '--ca', await put('root.cer', root.der), ...at];
  const files = [await put('kek.cer', kek.der), await put('server.cer', server.der)];
  const codes = await Promise.all(files.map((file) => verifyJson([file, ...rest, '--purpose', 'kek'])));
  assert.deepEqual(
    codes.map(({ json }) => json.error?.code),
    [undefined, 'purposeNotAllowed'],
  );
});

test('a certificate that cannot be parsed is told to be malformed', async (t) => {
  const put = await folder(t);
  const broken = Uint8Array.from(good.der);
  // The version, 2 for v3, becomes 9.
  broken[12] = 9;
  const { code, json } = await verifyJson([await put('broken.cer', broken), '--ca', await put('root.cer', root.der)]);
  assert.equal(json.error?.code, 'malformedCertificate');
  assert.deepEqual(checksThat('failed', json), ['form']);
  assert.deepEqual(json.path.certificates, []);
  assert.equal(code, exitCodes.failed);
});

const at = bothAt(now).ours;

/** Writes files into a folder that is removed after the test. */
async function folder(t: TestContext): Promise<(name: string, contents: string | Uint8Array) => Promise<string>> {
  const directory = await temporaryDirectory(t);
  return async (name, contents) => {
    const path = join(directory, name);
    await writeFile(path, contents);
    return path;
  };
}

async function judgeBoth(
  fault: Pick<Fault, 'leaf' | 'intermediates' | 'root' | 'crls' | 'purpose'>,
  t: TestContext,
): Promise<{ code: number; json: Awaited<ReturnType<typeof verifyJson>>['json']; openssl: boolean }> {
  const put = await folder(t);
  const time = bothAt(now);
  const intermediates = await Promise.all(
    (fault.intermediates ?? [issuing]).map(({ der }, i) => put(`ca-${i}.pem`, certificatePem(der))),
  );
  const crls = await Promise.all((fault.crls ?? []).map((der, i) => put(`${i}.crl.pem`, encodePem('X509 CRL', der))));
  const trusted = await put('root.pem', certificatePem((fault.root ?? root).der));
  const leaf = await put('leaf.pem', certificatePem(fault.leaf.der));
  const [purpose, opensslPurpose] = fault.purpose ?? [];
  const ours = await verifyJson([
    ...[leaf, '--ca', trusted, ...time.ours],
    ...intermediates.flatMap((file) => ['--untrusted', file]),
    ...crls.flatMap((file) => ['--crl', file]),
    ...(purpose === undefined ? [] : ['--purpose', purpose]),
  ]);
  const openssl = await opensslAccepts([
    ...['-x509_strict', '-policy_check', '-CAfile', trusted, ...time.openssl],
    ...intermediates.flatMap((file) => ['-untrusted', file]),
    ...(crls.length === 0 ? [] : ['-crl_check_all']),
    ...crls.flatMap((file) => ['-CRLfile', file]),
    ...(opensslPurpose === undefined ? [] : ['-purpose', opensslPurpose]),
    leaf,
  ]);
  return { ...ours, openssl };
}

/** What openssl takes for a file of trusted certificates. */
function certificatePem(der: Uint8Array): string {
  return encodePem('CERTIFICATE', der);
}

/** An RSA key that signs in a way that {@link makeKey} does not offer. */
function rsaKey(
  modulusLength: number,
  algorithm: 'sha256WithRSAEncryption' | 'sha1WithRSAEncryption' = 'sha256WithRSAEncryption',
): TestKey {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength });
  const hash = algorithm === 'sha1WithRSAEncryption' ? 'sha1' : 'sha256';
  return {
    algorithm,
    privateKey,
    spki: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })),
    sign: (data) => new Uint8Array(sign(hash, data, privateKey)),
  };
}
