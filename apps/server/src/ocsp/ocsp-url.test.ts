import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isOcspUrl, parseOcspUrl } from './ocsp-url.ts';

/** A request is a SEQUENCE; its base64 has `/`, `+` and padding in any place. */
const request = fc
  .uint8Array({ minLength: 1, maxLength: 300 })
  .map((content) => Buffer.from(Uint8Array.of(0x30, ...content)));

const issuer = fc.option(
  fc.uint8Array({ minLength: 20, maxLength: 20 }).map((id) => Buffer.from(id).toString('hex')),
  { nil: undefined },
);

/** How clients write base64 into a path. */
const forms: Readonly<Record<string, (base64: string) => string>> = {
  raw: (base64) => base64,
  encoded: encodeURIComponent,
  'encoded in lower case': (base64) => encodeURIComponent(base64).replace(/%../g, (octet) => octet.toLowerCase()),
  'without padding': (base64) => base64.replace(/=+$/, ''),
  'encoded without padding': (base64) => encodeURIComponent(base64.replace(/=+$/, '')),
  'with only slashes encoded': (base64) => base64.replaceAll('/', '%2F'),
  'with only plus encoded': (base64) => base64.replaceAll('+', '%2B'),
  'with a slash too many': (base64) => `/${base64}`,
  'with every character encoded': (base64) =>
    [...base64].map((character) => `%${character.charCodeAt(0).toString(16)}`).join(''),
};

for (const [name, write] of Object.entries(forms)) {
  test(`base64 ${name} is read, whatever it contains`, () => {
    fc.assert(
      fc.property(request, issuer, (der, issuerId) => {
        const base = issuerId === undefined ? '/ocsp' : `/ocsp/${issuerId}`;
        const read = parseOcspUrl(`${base}/${write(der.toString('base64'))}`);
        assert.equal(read.issuerId, issuerId);
        assert.deepEqual(Buffer.from(read.request ?? []), der);
      }),
      { numRuns: 1000 },
    );
  });
}

test('any text behind /ocsp is read or not, and nothing is thrown', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary-ascii', maxLength: 300 }), (text) => {
      const { request: der } = parseOcspUrl(`/ocsp/${text}`);
      assert.ok(der === undefined || der.length > 0);
    }),
    { numRuns: 1000 },
  );
});

test('an address without a request has none, and a query is no part of it', () => {
  const id = 'ab'.repeat(20);
  for (const url of ['/ocsp', '/ocsp/', '/ocsp?x=MAA', `/ocsp/${id}`, `/ocsp/${id}/`, `/ocsp/${id}?MAA=`]) {
    assert.equal(parseOcspUrl(url).request, undefined, url);
  }
  assert.equal(parseOcspUrl(`/ocsp/${id}?x`).issuerId, id);
  assert.deepEqual(Buffer.from(parseOcspUrl('/ocsp/MAA=?x').request ?? []), Buffer.of(0x30, 0x00));
});

test('what is no base64 is no request', () => {
  for (const text of ['M', 'MAA==A', 'MA A', 'MAA%', 'MAA%zz', 'MAA%80', 'MAA-_', 'MA\n', '%00', 'MAAAA']) {
    assert.equal(parseOcspUrl(`/ocsp/${text}`).request, undefined, text);
  }
});

test('only /ocsp and what is below it is an OCSP URL', () => {
  for (const url of ['/ocsp', '/ocsp/', '/ocsp?x', '/ocsp/MAA=']) assert.ok(isOcspUrl(url), url);
  for (const url of ['/', '/ocspx', '/crl/ocsp', '//ocsp', '/OCSP']) assert.ok(!isOcspUrl(url), url);
});
