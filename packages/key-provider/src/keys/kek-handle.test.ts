import assert from 'node:assert/strict';
import { hkdfSync } from 'node:crypto';
import { test } from 'node:test';
import { pae } from '@vcc-pki/kek';
import { hkdfExpandInto, hkdfExtract } from './hkdf.ts';
import { KekHandle } from './kek-handle.ts';
import { keyLabels, u8, u32 } from './labels.ts';
import { SecretMemory } from './secret-memory.ts';

const root = new Uint8Array(32).fill(7);
const ssn = { tenant: 'acme', collection: 'patients', field: 'ssn' };

function handle(options: Partial<ConstructorParameters<typeof KekHandle>[0]> = {}): KekHandle {
  return new KekHandle({ lineName: 'themis-main', lineId: 3, version: 123, root, ...options });
}

test('HKDF gives the keys of RFC 5869, test cases 1 to 3', () => {
  const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));
  const range = (from: number, to: number): Uint8Array =>
    Uint8Array.from({ length: to - from + 1 }, (_, i) => from + i);
  const cases = [
    {
      key: new Uint8Array(22).fill(0x0b),
      salt: range(0, 0x0c),
      info: range(0xf0, 0xf9),
      prk: '077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5',
      okm: '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
    },
    {
      key: range(0, 0x4f),
      salt: range(0x60, 0xaf),
      info: range(0xb0, 0xff),
      prk: '06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244',
      okm: 'b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87',
    },
    {
      key: new Uint8Array(22).fill(0x0b),
      salt: new Uint8Array(0),
      info: new Uint8Array(0),
      prk: '19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04',
      okm: '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8',
    },
  ];
  for (const { key, salt, info, prk, okm } of cases) {
    const extracted = hkdfExtract(salt, key);
    assert.deepEqual(Buffer.from(extracted), Buffer.from(hex(prk)));
    const output = new Uint8Array(okm.length / 2);
    hkdfExpandInto(output, extracted, info);
    assert.deepEqual(output, hex(okm));
  }
});

test('a field key is HKDF-Expand of the root over the label, suite, line, version and scope', () => {
  const kek = handle();
  const info = pae(keyLabels.field, u8(1), u32(3), u32(123), 'acme', 'patients', 'ssn');
  const prk = new Uint8Array(32);
  hkdfExpandInto(prk, root, info);
  assert.deepEqual(Uint8Array.from(kek.fieldKey(1, ssn).secret), prk);
  assert.equal(kek.fieldKey(1, ssn), kek.fieldKey(1, ssn));
  // The same by Node's own HKDF, with the extraction of it undone by comparing a whole run.
  const whole = new Uint8Array(32);
  hkdfExpandInto(whole, hkdfExtract(new Uint8Array(0), root), info);
  assert.deepEqual(Buffer.from(whole), Buffer.from(hkdfSync('sha256', root, new Uint8Array(0), info, 32)));
});

test('no two labels begin alike', () => {
  const labels = Object.values(keyLabels);
  for (const one of labels) for (const other of labels) assert.equal(one !== other && one.startsWith(other), false);
});

test('a closed handle erases its keys once nobody retains it', () => {
  const memory = new SecretMemory({ secure: false });
  const kek = handle({ memory });
  const { secret } = kek.fieldKey(1, ssn);
  kek.retain();
  kek.close();
  kek.close();
  assert.ok(kek.usable);
  assert.ok(secret.some((octet) => octet !== 0));
  kek.release();
  assert.ok(secret.every((octet) => octet === 0));
  assert.equal(memory.taken, 0);
  assert.throws(() => kek.fieldKey(1, ssn), { code: 'PROVIDER_CLOSED', kekLine: 'themis-main', kekVersion: 123 });
});

test('erasing wins over those who retain, and says why from then on', () => {
  const kek = handle();
  kek.retain();
  const key = kek.fieldKey(1, ssn);
  kek.erase('KEK_REVOKED');
  assert.throws(() => key.secret, { code: 'PROVIDER_CLOSED' });
  assert.throws(() => kek.retain(), { code: 'KEK_REVOKED' });
});

test('field keys beyond the bound are erased, the least recently used first', () => {
  const memory = new SecretMemory({ secure: false });
  const kek = handle({ memory, maxFieldKeys: 2 });
  const first = kek.fieldKey(1, ssn);
  for (const field of ['a', 'b', 'c']) kek.fieldKey(1, { ...ssn, field });
  assert.equal(memory.taken, 3);
  assert.throws(() => first.secret, { code: 'PROVIDER_CLOSED' });
});
