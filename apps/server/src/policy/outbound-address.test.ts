import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PkiError } from '@vcc-pki/api';
import { addressKind } from './address-kind.ts';
import { createOutboundPolicy, outboundLookup } from './index.ts';
import type { OutboundRules } from './outbound-address.ts';

const defaults: OutboundRules = {
  allowHttp: false,
  allowLoopback: true,
  allowPrivate: true,
  allowLinkLocal: false,
  deniedNetworks: [],
};

const strict: OutboundRules = { ...defaults, allowLoopback: false, allowPrivate: false };

function judge(url: string, rules: OutboundRules = strict): string {
  try {
    createOutboundPolicy(rules).checkUrl(url, 'endpoints[0]');
    return 'allowed';
  } catch (error) {
    assert.ok(error instanceof PkiError);
    assert.equal(error.field, 'endpoints[0]');
    return error.code;
  }
}

test('addresses are told apart, also where they hide in others', () => {
  const kinds: Record<string, readonly string[]> = {
    public: ['8.8.8.8', '2606:4700::1111', '64:ff9b::8.8.8.8'],
    private: ['10.0.0.1', '172.31.255.255', '192.168.178.94', '100.64.0.1', 'fd12::1', '::ffff:10.0.0.1'],
    loopback: ['127.0.0.1', '127.255.255.254', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1', '2002:7f00:1::'],
    linkLocal: ['169.254.1.1', 'fe80::1', '::ffff:169.254.1.1'],
    metadata: ['169.254.169.254', '::ffff:169.254.169.254', '64:ff9b::a9fe:a9fe', 'fd00:ec2::254', '168.63.129.16'],
    unroutable: ['0.0.0.0', '::', '255.255.255.255', '224.0.0.1', 'ff02::1', '240.0.0.1'],
  };
  for (const [kind, addresses] of Object.entries(kinds)) {
    for (const address of addresses) assert.equal(addressKind(address), kind, address);
  }
  assert.equal(addressKind('vpb-backend'), undefined);
});

test('the endpoints of the mission are allowed by default', () => {
  for (const url of ['https://localhost:45678', 'https://192.168.178.94:45678', 'https://localhost:45678/health']) {
    assert.equal(judge(url, defaults), 'allowed', url);
  }
});

test('only https, without credentials and fragments', () => {
  for (const url of ['http://a.example/', 'ftp://a.example/', 'file:///etc/passwd', 'javascript:1', 'a.example', '']) {
    assert.equal(judge(url), 'rejectedAddress', url);
  }
  for (const url of ['https://user@a.example/', 'https://a:b@a.example/', 'https://a.example/#x']) {
    assert.equal(judge(url), 'rejectedAddress', url);
  }
  assert.equal(judge('http://a.example/', { ...strict, allowHttp: true }), 'allowed');
  assert.equal(judge('ftp://a.example/', { ...strict, allowHttp: true }), 'rejectedAddress');
  assert.equal(judge(`https://a.example/${'x'.repeat(2048)}`), 'rejectedAddress');
});

test('an address is judged in every spelling that a URL has for it', () => {
  const spellings = [
    ...['https://127.0.0.1/', 'https://127.1/', 'https://2130706433/', 'https://0x7f.0.0.1/', 'https://017700000001/'],
    ...['https://[::1]/', 'https://[::ffff:127.0.0.1]/', 'https://localhost/', 'https://LOCALHOST./'],
    ...['https://a.localhost/', 'https://10.0.0.1/', 'https://[fd00::1]/', 'https://0.0.0.0/', 'https://[::]/'],
  ];
  for (const url of spellings) assert.equal(judge(url), 'rejectedAddress', url);
  assert.equal(judge('https://8.8.8.8/'), 'allowed');
});

test('what is allowed is said by the rules, and cloud metadata never is', () => {
  const open: OutboundRules = { ...defaults, allowHttp: true, allowLinkLocal: true };
  assert.equal(judge('https://169.254.1.1/', open), 'allowed');
  for (const url of ['http://169.254.169.254/latest/meta-data', 'https://[fd00:ec2::254]/', 'https://168.63.129.16/']) {
    assert.equal(judge(url, open), 'rejectedAddress', url);
  }
  const denying: OutboundRules = { ...open, deniedNetworks: ['10.9.0.0/16', '203.0.113.7', '2001:db8::/32'] };
  for (const url of [
    'https://10.9.1.1/',
    'https://[::ffff:10.9.1.1]/',
    'https://203.0.113.7/',
    'https://[2001:db8::1]/',
  ]) {
    assert.equal(judge(url, denying), 'rejectedAddress', url);
  }
  assert.equal(judge('https://10.8.1.1/', denying), 'allowed');
});

test('a name is judged by the addresses it leads to when it is connected to', async () => {
  const lookup = outboundLookup(createOutboundPolicy(strict), (hostname, answer) => {
    const addresses = hostname === 'rebound.example' ? ['127.0.0.1'] : ['10.0.0.1', '8.8.8.8'];
    answer(null, hostname === 'empty.example' ? [] : addresses.map((address) => ({ address, family: 4 })));
  });
  const ask = (hostname: string, all: boolean) =>
    new Promise((resolve) => {
      lookup(hostname, { all }, (error, address) => resolve(error === null ? address : error.code));
    });
  assert.equal(await ask('mixed.example', false), '8.8.8.8');
  assert.deepEqual(await ask('mixed.example', true), [{ address: '8.8.8.8', family: 4 }]);
  assert.equal(await ask('rebound.example', true), 'ERR_ADDRESS_REFUSED');
  assert.equal(await ask('empty.example', true), 'ERR_ADDRESS_REFUSED');
});
