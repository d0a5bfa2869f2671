import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { encodePem } from '@vcc-pki/asn1';
import { encodeCertsOnlyCms, encodeOcspErrorResponse, serialToHex } from '@vcc-pki/x509';
import fc from 'fast-check';
import { exitCodes } from '../../apps/cli/src/exit-codes.ts';
import { makeKey } from '../../packages/x509/test/support/keys.ts';
import { now, serialOf, TestCa } from '../../packages/x509/test/support/test-ca.ts';
import { requestDer } from '../support/certificate-request.ts';
import { inspectJson } from './support/inspect-json.ts';
import { runCommand } from './support/run-cli.ts';

const ca = TestCa.root();
const leaf = ca.issue();
const responder = ca.issue({ subject: 'Responder' });
const csr = await requestDer({ commonName: 'leaf', names: [{ type: 'dNSName', value: 'leaf.vcc.local' }] });
const status = { type: 'revoked', revokedAt: now, reason: 'keyCompromise' } as const;
const crl = ca.crl({
  entries: Array.from({ length: 30 }, (_, i) => ({ serialNumber: Uint8Array.of(1, i), revokedAt: now })),
});
const dayMs = 86_400_000;
const surroundings = { now: (): number => now };

const kinds: readonly (readonly [what: string, file: string | Uint8Array, kinds: readonly string[]])[] = [
  ['a certificate', leaf.der, ['certificate']],
  ['a request', csr, ['certificateRequest']],
  ['a CRL', crl, ['certificateList']],
  ['an OCSP response', ca.ocsp(leaf, { status }), ['ocspResponse']],
  ['an OCSP response with a certificate', ca.ocsp(leaf, { responder }), ['ocspResponse', 'certificate']],
  ['an OCSP error response', encodeOcspErrorResponse('tryLater'), ['ocspResponse']],
  ['a certs-only message', encodeCertsOnlyCms([leaf.der, ca.der]), ['certificate', 'certificate']],
  ['a public key', leaf.key.spki, ['publicKey']],
  [
    'several PEM blocks with text between them',
    `first\n${encodePem('CERTIFICATE', leaf.der)}then\n${encodePem('X509 CRL', crl)}${encodePem('PKCS7', encodeCertsOnlyCms([ca.der]))}`,
    ['certificate', 'certificateList', 'certificate'],
  ],
  ['a PEM block under a wrong label', encodePem('CERTIFICATE', csr), ['certificateRequest']],
];

for (const [what, stdin, expected] of kinds) {
  test(`inspect recognises ${what}`, async () => {
    const { json } = await inspectJson(['-'], { ...surroundings, stdin });
    assert.deepEqual(
      json.items.map(({ kind }) => kind),
      expected,
    );
    assert.deepEqual(
      json.items.map(({ error }) => error),
      expected.map(() => undefined),
    );
    const { stdout } = await runCommand(['inspect', '-'], { ...surroundings, stdin });
    assert.ok(stdout.length > 0);
  });
}

test('an OCSP answer is told with its certificate, its status and its times', async () => {
  const { json } = await inspectJson(['-'], { ...surroundings, stdin: ca.ocsp(leaf, { status }) });
  const [answer] = json.items[0]?.responses ?? [];
  assert.equal(answer?.['serial_number'], serialToHex(serialOf(leaf)));
  assert.equal(answer?.['status'], 'revoked');
  assert.equal(answer?.['reason'], 'keyCompromise');
  assert.equal(answer?.['next_update'], '2026-06-02T00:00:00Z');
});

test('a CRL shows its first 20 entries, more with --limit, and says how many there are', async () => {
  const run = async (...args: string[]): Promise<readonly unknown[]> => {
    const { json } = await inspectJson(['-', ...args], { ...surroundings, stdin: crl });
    const [item] = json.items;
    return [item?.entries?.length, item?.['entry_count'], item?.['complete']];
  };
  assert.deepEqual(await run(), [20, 30, false]);
  assert.deepEqual(await run('--limit', '30'), [30, 30, true]);
  const { stdout } = await runCommand(['inspect', '-'], { ...surroundings, stdin: crl });
  assert.match(stdout, /and 10 more; --limit shows them/);
});

test('an expired certificate says so, and that is no finding', async () => {
  const expired = await inspectJson(['-'], { ...surroundings, stdin: ca.issue({ notAfter: now - dayMs }).der });
  const valid = await inspectJson(['-'], { ...surroundings, stdin: leaf.der });
  assert.deepEqual(
    [expired, valid].map(({ json }) => json.items[0]?.['validity']),
    ['expired', 'valid'],
  );
  assert.deepEqual(expired.json.items[0]?.findings, valid.json.items[0]?.findings);
});

test('lint errors are exit code 1, told in the text and in the JSON', async () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const spki = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));
  const stdin = ca.issue({ key: { ...makeKey(), spki, privateKey } }).der;
  const { code, json } = await inspectJson(['-'], { ...surroundings, stdin });
  assert.deepEqual([code, json.code], [exitCodes.failed, 'lintErrors']);
  const rules = json.items[0]?.findings?.map(({ ruleId }) => ruleId);
  assert.ok(rules?.includes('cab_br_rsa_modulus_at_least_2048_bits'), String(rules));
  const text = await runCommand(['inspect', '-'], { ...surroundings, stdin });
  assert.equal(text.code, exitCodes.failed);
  assert.match(text.stdout, /RSA 1024 bits, 80 bits of strength/);
  assert.match(text.stdout, /error .*cab_br_rsa_modulus_at_least_2048_bits/);
  assert.match(text.stderr, /^error: standard input has/);
});

test('a request whose signature is not by its key is an error', async () => {
  const stdin = Uint8Array.from(csr);
  // The subject's last letter: it stands before the key, so the request is well-formed and says something else.
  const at = Buffer.from(stdin).indexOf('leaf') + 3;
  stdin[at] = 'n'.charCodeAt(0);
  const { code, json } = await inspectJson(['-'], { stdin });
  assert.equal(code, exitCodes.failed);
  assert.equal(json.items[0]?.['proof_of_possession'], false);
  assert.ok(json.items[0]?.findings?.some(({ ruleId }) => ruleId === 'rfc2986_proof_of_possession'));
});

test('a broken block is an error, and hides none of its neighbours', async () => {
  const good = encodePem('CERTIFICATE', leaf.der);
  const cutOff = good.slice(0, 200);
  const noBase64 = good.replace(/\n.{10}/, '\n**********');
  const cutDer = encodePem('CERTIFICATE', leaf.der.subarray(0, -4));
  const unknown = encodePem('SOMETHING ELSE', Uint8Array.of(5, 0));
  const stdin = [cutOff, noBase64, cutDer, unknown, good].join('\n');
  const { code, json } = await inspectJson(['-'], { ...surroundings, stdin });
  assert.equal(code, exitCodes.failed);
  assert.deepEqual(
    json.items.map(({ kind, error }) => [kind, error === undefined]),
    [
      ['unreadable', false],
      ['unreadable', false],
      ['certificate', false],
      ['unreadable', false],
      ['certificate', true],
    ],
  );
});

test('what is nothing of a PKI, or not there, cannot be read', async () => {
  for (const stdin of ['', 'hello', Uint8Array.of(0x30, 0x00), encodePem('EC PARAMETERS', Uint8Array.of(5, 0))]) {
    const { code, json } = await inspectJson(['-'], { stdin });
    assert.deepEqual([code, json.code], [exitCodes.failed, 'fileUnreadable']);
  }
  const { code, json } = await inspectJson(['/nowhere/nothing.pem']);
  assert.deepEqual([code, json.code], [exitCodes.failed, 'fileUnreadable']);
});

test('keys in the older formats are named, encrypted or not', async () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const lock = { cipher: 'aes-256-cbc', passphrase: 'a passphrase' } as const;
  const stdin = [
    rsa.export({ type: 'pkcs1', format: 'pem' }),
    rsa.export({ type: 'pkcs1', format: 'pem', ...lock }),
    ec.export({ type: 'sec1', format: 'pem' }),
    ec.export({ type: 'pkcs8', format: 'pem', ...lock }),
  ].join('');
  const { code, json } = await inspectJson(['-'], { stdin });
  assert.equal(code, exitCodes.ok);
  assert.deepEqual(
    json.items.map((item) => [item.kind, item['format'], item['encrypted']]),
    [
      ['privateKey', 'PKCS #1', false],
      ['privateKey', 'PKCS #1', true],
      ['privateKey', 'SEC 1', false],
      ['privateKey', 'PKCS #8', true],
    ],
  );
});

test('names cannot forge lines of what is shown', async () => {
  const forged = Buffer.from(leaf.der);
  const at = forged.lastIndexOf('leaf.vcc.local');
  forged.write('a\n\u001b]0;trust', at, 'latin1');
  const { stdout } = await runCommand(['inspect', '-'], { ...surroundings, stdin: forged });
  assert.ok(!stdout.includes('\u001b'));
  assert.ok(!/^\s*trust/m.test(stdout));
  assert.match(stdout, /DNS:a\uFFFD/);
});

test('no octets crash it, and none are reported as a fault of its own', async () => {
  const encoder = new TextEncoder();
  const samples = kinds.map(([, file]) => (typeof file === 'string' ? encoder.encode(file) : file));
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...samples),
      fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 }),
      async (sample, changes) => {
        const stdin = Uint8Array.from(sample);
        for (const [at, octet] of changes) stdin[at % stdin.length] = octet;
        const { json } = await inspectJson(['-'], { stdin });
        assert.ok(
          json.code === undefined || json.code === 'lintErrors' || json.code === 'fileUnreadable',
          String(json.code),
        );
      },
    ),
    { numRuns: 300 },
  );
});
