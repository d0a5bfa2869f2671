import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PkiError } from '@vcc-pki/api';
import fc from 'fast-check';
import { createPolicy, isServiceId, type PolicyDefaults, type Whitelist } from './index.ts';

const defaults: PolicyDefaults = {
  trustDomain: 'vcc.local',
  maxCertificates: 5,
  maxValidityDays: 365,
  rateLimitCertsPerHour: 100,
  keyTypes: ['P-256', 'RSA-2048'],
};

const whitelist: Whitelist = {
  services: [
    {
      serviceId: 'veritas-backend',
      maxCertificates: 3,
      allowedOperations: ['request', 'renew', 'revoke', 'download'],
    },
    {
      serviceId: 'themis',
      allowedOperations: ['request'],
      maxValidityDays: 7,
      rateLimitCertsPerHour: 1000,
      keyTypes: ['Ed25519'],
    },
    { serviceId: 'test-exact', allowedOperations: [] },
  ],
  patterns: [
    { pattern: 'test-*', maxCertificates: 1, allowedOperations: ['request', 'renew', 'revoke'] },
    { pattern: '*-job-*', allowedOperations: ['download'] },
    { pattern: 'test-later-*', allowedOperations: ['admin'] },
  ],
};

const policy = createPolicy(whitelist, defaults);

function entry(serviceId: string) {
  const found = policy.entryFor(serviceId);
  assert.ok(found, serviceId);
  return found;
}

const isCode = (code: string) => (error: unknown) => error instanceof PkiError && error.code === code;

test('an own entry comes first, then patterns in their order, and nobody else gets in', () => {
  assert.equal(entry('veritas-backend').matchedPattern, undefined);
  assert.equal(entry('test-exact').matchedPattern, undefined);
  assert.equal(entry('test-1').matchedPattern, 'test-*');
  assert.equal(entry('test-later-1').matchedPattern, 'test-*');
  assert.equal(entry('nightly-job-7').matchedPattern, '*-job-*');
  for (const nobody of ['covina', 'a-test-1', 'test', 'tes-t', 'nightly-job', 'job-', 'veritas-backend2', '']) {
    assert.equal(policy.entryFor(nobody), undefined, nobody);
  }
});

test('what is no service id is nobody, whatever a pattern says', () => {
  const open = createPolicy({ services: [], patterns: [{ pattern: '*', allowedOperations: ['admin'] }] }, defaults);
  assert.ok(open.entryFor('anything'));
  for (const hostile of [
    '*',
    'test-*',
    'Test-1',
    'test-1.',
    'a.b',
    'test-1\n',
    'test_1',
    '-a',
    'a-',
    'tést',
    '{service_id}',
    'a/b',
    'x'.repeat(64),
    '__proto__',
    '',
  ]) {
    assert.equal(open.entryFor(hostile), undefined, JSON.stringify(hostile));
    assert.equal(policy.entryFor(hostile), undefined, JSON.stringify(hostile));
  }
});

test('a whitelist with what is no id, pattern or name is not compiled', () => {
  const allowedOperations = ['request'] as const;
  const service = (rule: object): Whitelist => ({
    services: [{ serviceId: 'a', allowedOperations, ...rule }],
    patterns: [],
  });
  const bad: Whitelist[] = [
    service({ serviceId: '*' }),
    service({ serviceId: 'A' }),
    service({ allowedDns: ['a.*.b'] }),
    service({ allowedDns: ['*'] }),
    service({ allowedIps: ['10.0.0.1/8'] }),
    service({ allowedUris: ['https://*'] }),
    { services: [], patterns: [{ pattern: 'a.b', allowedOperations }] },
    { services: [], patterns: [{ pattern: 'a', allowedOperations, allowedDns: ['UPPER'] }] },
  ];
  for (const broken of bad) assert.throws(() => createPolicy(broken, defaults), RangeError, JSON.stringify(broken));
});

test('what an entry leaves out comes from the defaults', () => {
  const [own, plain] = [entry('themis'), entry('test-1')];
  assert.equal(own.maxCertificates, 5);
  assert.equal(own.maxValidityMs, 7 * 86_400_000);
  assert.equal(own.ratePerHour, 1000);
  assert.deepEqual([...own.allowedKeyTypes], ['Ed25519']);
  assert.equal(plain.maxCertificates, 1);
  assert.equal(plain.maxValidityMs, 365 * 86_400_000);
  assert.equal(plain.ratePerHour, 100);
  assert.deepEqual([...plain.allowedKeyTypes], ['P-256', 'RSA-2048']);
});

test('operations are those of the entry', () => {
  policy.checkOperation(entry('veritas-backend'), 'revoke');
  assert.throws(() => policy.checkOperation(entry('veritas-backend'), 'admin'), isCode('forbidden'));
  assert.throws(() => policy.checkOperation(entry('test-1'), 'download'), isCode('forbidden'));
  assert.throws(() => policy.checkOperation(entry('test-exact'), 'request'), isCode('forbidden'));
});

test('property: a pattern matches what a regular expression of it matches, and no other id', () => {
  const character = fc.constantFrom(...'ab-*');
  const pattern = fc.string({ unit: character, minLength: 1, maxLength: 8 });
  const id = fc.string({ unit: fc.constantFrom(...'ab-'), maxLength: 10 });
  fc.assert(
    fc.property(pattern, id, (text, serviceId) => {
      const compiled = createPolicy({ services: [], patterns: [{ pattern: text, allowedOperations: [] }] }, defaults);
      const expected = isServiceId(serviceId) && new RegExp(`^${text.replaceAll('*', '[a-z0-9-]*')}$`).test(serviceId);
      assert.equal(compiled.entryFor(serviceId) !== undefined, expected, `${text} ${serviceId}`);
    }),
    { numRuns: 3000 },
  );
});

test('no pattern lets anybody be the PKI itself', () => {
  const open = createPolicy({ services: [], patterns: [{ pattern: '*', allowedOperations: ['request'] }] }, defaults);
  for (const name of ['pki-server', 'pki-ocsp', 'pki-kek']) assert.equal(open.entryFor(name), undefined, name);
  assert.notEqual(open.entryFor('pki-client'), undefined);
});
