import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PkiError } from '@vcc-pki/api';
import { type GeneralName, ipAddressFromText } from '@vcc-pki/x509';
import fc from 'fast-check';
import { createPolicy, type Policy, type PolicyDefaults, type Whitelist } from './index.ts';

const defaults: PolicyDefaults = {
  trustDomain: 'vcc.local',
  maxCertificates: 5,
  maxValidityDays: 365,
  rateLimitCertsPerHour: 100,
  keyTypes: ['P-256'],
};

const whitelist: Whitelist = {
  services: [
    {
      serviceId: 'veritas-backend',
      allowedOperations: ['request'],
      allowedIps: ['127.0.0.0/8', '::1/128', '192.168.178.94', '10.1.0.0/16', '2001:db8::/32'],
    },
    {
      serviceId: 'themis',
      allowedOperations: ['request'],
      allowedDns: ['{service_id}.db.vcc.local', '*.shards.vcc.local', 'a.b.vcc.local'],
      allowedUris: ['urn:themis:shard:c1:1', 'https://{service_id}.vcc.local/api/*'],
    },
  ],
  patterns: [{ pattern: 'test-*', allowedOperations: ['request'] }],
};

const policy = createPolicy(whitelist, defaults);

const dns = (value: string): GeneralName => ({ type: 'dNSName', value });
const ip = (text: string): GeneralName => ({ type: 'iPAddress', value: ipAddressFromText(text) });
const uri = (value: string): GeneralName => ({ type: 'uniformResourceIdentifier', value });

function entry(serviceId: string, of: Policy = policy) {
  const found = of.entryFor(serviceId);
  assert.ok(found, serviceId);
  return found;
}

const isCode = (code: string) => (error: unknown) => error instanceof PkiError && error.code === code;

function allows(serviceId: string, ...names: GeneralName[]): boolean {
  try {
    const requested = names.map((name, i) => ({ field: `names[${i}]`, name }));
    policy.checkNames(entry(serviceId), { commonName: serviceId, names: requested });
    return true;
  } catch (error) {
    assert.ok(isCode('rejectedIdentifier')(error), `${error}`);
    return false;
  }
}

test('the request of the mission passes', () => {
  const names = [dns('veritas-backend'), dns('veritas-backend.vcc.local'), ip('127.0.0.1'), ip('192.168.178.94')];
  assert.ok(allows('veritas-backend', ...names));
});

test('a service without names of its own in the whitelist has the default ones', () => {
  const own = [
    dns('test-1'),
    dns('test-1.vcc.local'),
    dns('localhost'),
    ip('127.1.2.3'),
    ip('::1'),
    uri('spiffe://vcc.local/test-1'),
  ];
  assert.ok(allows('test-1', ...own));
  const foreign = [
    dns('test-2'),
    dns('test-2.vcc.local'),
    dns('vcc.local'),
    dns('a.test-1.vcc.local'),
    ip('128.0.0.1'),
    ip('::2'),
    ip('192.168.178.94'),
    uri('spiffe://vcc.local/test-2'),
  ];
  for (const name of foreign) assert.equal(allows('test-1', name), false, JSON.stringify(name));
  assert.deepEqual(policy.defaultNames('test-1'), ['test-1', 'test-1.vcc.local']);
  assert.deepEqual(policy.defaultNames('themis'), []);
  assert.deepEqual(policy.defaultNames('nobody'), []);
});

test('a star in a name stands for one label', () => {
  for (const name of ['themis.db.vcc.local', 'a.shards.vcc.local', '*.shards.vcc.local', 'a.b.vcc.local']) {
    assert.ok(allows('themis', dns(name)), name);
  }
  for (const name of [
    'shards.vcc.local',
    '.shards.vcc.local',
    'a.b.shards.vcc.local',
    '*.a.shards.vcc.local',
    '*.b.vcc.local',
    '*.vcc.local',
    '*',
    'a*.shards.vcc.local',
    '**.shards.vcc.local',
    'a.shards.vcc.local.evil.com',
    '-.shards.vcc.local',
    'x.b.vcc.local',
    'evilshards.vcc.local',
  ]) {
    assert.equal(allows('themis', dns(name)), false, name);
  }
});

test('a DNS name that only looks like an allowed one is refused', () => {
  for (const name of [
    'veritas-backend.',
    'VERITAS-BACKEND',
    'veritas-backend.vcc.local.',
    'veritas-backend\0',
    'veritas-backend\0.evil.com',
    ' veritas-backend',
    'veritas-backend ',
    'veritas-backend\n',
    'veritas_backend',
    'vеritas-backend',
    'veritas-backend。vcc。local',
    'xn--veritas-backend',
    '',
    '.',
    '127.0.0.1',
  ]) {
    assert.equal(allows('veritas-backend', dns(name)), false, JSON.stringify(name));
  }
});

test('an IPv4-mapped address is judged as IPv4', () => {
  for (const address of ['10.1.255.255', '::ffff:10.1.0.1', '::ffff:192.168.178.94', '2001:db8:ffff::1', '::1']) {
    assert.ok(allows('veritas-backend', ip(address)), address);
  }
  for (const address of [
    '10.2.0.0',
    '::ffff:10.2.0.1',
    '192.168.178.95',
    '192.168.178.93',
    '::10.1.0.1',
    '64:ff9b::10.1.0.1',
    '2001:db9::',
    '::',
    '0.0.0.0',
  ]) {
    assert.equal(allows('veritas-backend', ip(address)), false, address);
  }
  const wide = createPolicy(
    { services: [{ serviceId: 'a', allowedOperations: [], allowedIps: ['::/0'] }], patterns: [] },
    defaults,
  );
  const check = (address: string) => () =>
    wide.checkNames(entry('a', wide), { commonName: 'a', names: [{ field: 'csr', name: ip(address) }] });
  check('2001:db8::1')();
  assert.throws(check('::ffff:10.0.0.1'), isCode('rejectedIdentifier'));
  for (const length of [0, 3, 5, 8, 15, 17, 32]) {
    assert.equal(allows('veritas-backend', { type: 'iPAddress', value: new Uint8Array(length) }), false, `${length}`);
  }
});

test('a star in a URI stands for path segments', () => {
  for (const name of [
    'urn:themis:shard:c1:1',
    'https://themis.vcc.local/api/v1',
    'https://themis.vcc.local/api/v1/x-y',
    'spiffe://vcc.local/themis',
  ]) {
    assert.ok(allows('themis', uri(name)), name);
  }
  for (const name of [
    'urn:themis:shard:c1:2',
    'URN:themis:shard:c1:1',
    'https://themis.vcc.local/api/',
    'https://themis.vcc.local/api',
    'https://themis.vcc.local/api/../admin',
    'https://themis.vcc.local/api/./x',
    'https://themis.vcc.local/api/%2e%2e/x',
    'https://themis.vcc.local/api//x',
    'https://themis.vcc.local/api/x?y',
    'https://themis.vcc.local/api/x#y',
    'https://themis.vcc.local/api/x\0',
    'https://themis.vcc.local/api/x/',
    'https://themis.vcc.local.evil/api/x',
    'https://other.vcc.local/api/x',
    'spiffe://vcc.local/veritas-backend',
    'spiffe://vcc.local/themis/',
    'spiffe://VCC.local/themis',
    'SPIFFE://vcc.local/themis',
    'spiffe://vcc.local/themis/x',
    'spiffe://other/themis',
  ]) {
    assert.equal(allows('themis', uri(name)), false, name);
  }
});

test('kinds of names that no entry can list are refused', () => {
  const directory = { rdns: [], der: new Uint8Array() } as unknown as Extract<
    GeneralName,
    { type: 'directoryName' }
  >['value'];
  const kinds: GeneralName[] = [
    { type: 'otherName', typeId: '1.3.6.1.4.1.311.20.2.3', value: new Uint8Array() },
    { type: 'rfc822Name', value: 'veritas-backend@vcc.local' },
    { type: 'x400Address', value: new Uint8Array() },
    { type: 'directoryName', value: directory },
    { type: 'ediPartyName', value: new Uint8Array() },
    { type: 'registeredID', value: '1.2.3' },
  ];
  for (const name of kinds) assert.equal(allows('veritas-backend', name), false, name.type);
});

test('the common name is the service id or an allowed DNS name', () => {
  const check = (commonName: string) => () => policy.checkNames(entry('veritas-backend'), { commonName, names: [] });
  for (const good of ['veritas-backend', 'veritas-backend.vcc.local', 'localhost']) check(good)();
  policy.checkNames(entry('themis'), { commonName: 'themis', names: [] });
  for (const bad of ['', 'Veritas Backend', 'veritas-frontend', 'veritas-backend\0', 'VERITAS-BACKEND', '127.0.0.1']) {
    assert.throws(check(bad), isCode('rejectedIdentifier'), bad);
  }
});

test('a refusal names the field, the name and what is allowed, and prints no control characters', () => {
  const names = [
    { field: 'san_dns[0]', name: dns('veritas-backend') },
    { field: 'san_dns[1]', name: dns('evil\u001b[2J.com') },
  ];
  assert.throws(
    () => policy.checkNames(entry('veritas-backend'), { commonName: 'veritas-backend', names }),
    (error: unknown) => {
      assert.ok(error instanceof PkiError);
      assert.equal(error.field, 'san_dns[1]');
      assert.ok(error.message.includes('"evil\\u001b[2J.com"') && error.message.includes('veritas-backend.vcc.local'));
      return true;
    },
  );
});

/** Small changes of the kind that fool comparisons, and plain noise. */
const lookalike = (base: string) =>
  fc.oneof(
    fc.constantFrom(
      base.toUpperCase(),
      `${base}.`,
      `.${base}`,
      `${base}\0`,
      ` ${base}`,
      `*.${base}`,
      `x.${base}`,
      `${base}.x`,
    ),
    fc
      .tuple(fc.nat(base.length), fc.string({ minLength: 1, maxLength: 3, unit: 'binary' }))
      .map(([at, noise]) => base.slice(0, at) + noise + base.slice(at)),
    fc.nat(base.length - 1).map((at) => base.slice(0, at) + base.slice(at + 1)),
    fc.string({ unit: 'grapheme' }),
    fc.domain(),
  );

test('property: of all DNS names only the listed ones pass', () => {
  const listed = new Set(['veritas-backend', 'veritas-backend.vcc.local', 'localhost']);
  fc.assert(
    fc.property(lookalike('veritas-backend.vcc.local'), (name) => {
      assert.equal(allows('veritas-backend', dns(name)), listed.has(name), JSON.stringify(name));
    }),
    { numRuns: 2000 },
  );
});

test('property: an address passes exactly when its number lies in a network', () => {
  const v4 = fc.uint8Array({ minLength: 4, maxLength: 4 });
  const near = fc
    .tuple(fc.constantFrom([127], [10, 1], [192, 168, 178], []), v4)
    .map(([head, tail]) => Uint8Array.of(...head, ...tail.subarray(head.length)));
  const number = (a: Uint8Array) => a.reduce((sum, octet) => sum * 256 + octet, 0);
  fc.assert(
    fc.property(near, fc.boolean(), (address, mapped) => {
      const value = mapped ? Uint8Array.of(...new Uint8Array(10), 0xff, 0xff, ...address) : address;
      const n = number(address);
      const inside = n >>> 24 === 127 || n >>> 16 === 0x0a01 || n === number(Uint8Array.of(192, 168, 178, 94));
      assert.equal(allows('veritas-backend', { type: 'iPAddress', value }), inside, address.join('.'));
    }),
    { numRuns: 2000 },
  );
});

test('property: no URI but the listed ones and plain paths below the prefix pass', () => {
  const prefix = 'https://themis.vcc.local/api/';
  fc.assert(
    fc.property(fc.oneof(lookalike(prefix), lookalike(`${prefix}v1/x`), fc.webUrl()), (name) => {
      if (!allows('themis', uri(name))) return;
      assert.ok(name.startsWith(prefix));
      // What a URL parser makes of it is what stands there: nothing leads out of the prefix.
      assert.equal(new URL(name).href, name);
    }),
    { numRuns: 2000 },
  );
});

test('property: entries of one pattern differ in nothing but the id', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z0-9]{1,20}$/), fc.stringMatching(/^[a-z0-9]{1,20}$/), (a, b) => {
      fc.pre(a !== b);
      assert.ok(allows(`test-${a}`, dns(`test-${a}.vcc.local`)));
      assert.equal(allows(`test-${a}`, dns(`test-${b}.vcc.local`)), false);
      assert.equal(allows(`test-${a}`, uri(`spiffe://vcc.local/test-${b}`)), false);
    }),
  );
});
