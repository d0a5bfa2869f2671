import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type EnrolmentToken, encodeEnrolmentToken, maxTokenLength, parseEnrolmentToken } from './enrolment-token.ts';
import { PkiError } from './pki-error.ts';

const token: EnrolmentToken = {
  tokenId: 'tok_0123456789abcdef0123456789abcdef',
  serverUrl: 'https://pki.vcc.local:8443',
  serviceId: 'veritas-backend',
  rootSha256: '7'.repeat(64),
  secret: Buffer.from(new Uint8Array(32).fill(0xfb)).toString('base64url'),
};

test('a token comes out of its text as it went in', () => {
  const text = encodeEnrolmentToken(token);
  assert.match(text, /^vcc1\.[A-Za-z0-9_-]+$/);
  assert.deepEqual(parseEnrolmentToken(text), token);
});

test('any token of the right members does', () => {
  const hex = (length: number) =>
    fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
  const any = fc.record<EnrolmentToken>(
    {
      tokenId: hex(32).map((id) => `tok_${id}`),
      serverUrl: fc.webUrl({ validSchemes: ['https'] }).filter((url) => /^[!-~]{1,2000}$/.test(url)),
      serviceId: fc.constantFrom('a', 'veritas-backend', 'x'.repeat(63)),
      rootSha256: hex(64),
      secret: fc
        .uint8Array({ minLength: 32, maxLength: 32 })
        .map((octets) => Buffer.from(octets).toString('base64url')),
    },
    { noNullPrototype: true },
  );
  fc.assert(fc.property(any, (one) => assert.deepEqual(parseEnrolmentToken(encodeEnrolmentToken(one)), one)));
});

function refused(text: string): PkiError {
  try {
    parseEnrolmentToken(text);
  } catch (error) {
    assert.ok(error instanceof PkiError);
    assert.equal(error.code, 'malformed');
    return error;
  }
  return assert.fail(`accepted: ${text}`);
}

const withMembers = (change: object): string => {
  const members = {
    id: token.tokenId,
    url: token.serverUrl,
    service: token.serviceId,
    root: token.rootSha256,
    secret: token.secret,
  };
  return `vcc1.${Buffer.from(JSON.stringify({ ...members, ...change })).toString('base64url')}`;
};

test('what is cut off, damaged, foreign or too long is refused', () => {
  const text = encodeEnrolmentToken(token);
  for (const bad of ['', 'vcc1.', 'vcc2.e30', text.slice(0, -5), `${text}A`, ` ${text}`, text.replace('vcc1.', '')])
    refused(bad);
  refused(`vcc1.${'A'.repeat(maxTokenLength)}`);
});

test('every member is held to its form, and there is no other', () => {
  assert.doesNotThrow(() => parseEnrolmentToken(withMembers({})));
  for (const change of [
    { url: 'http://pki.vcc.local:8443' },
    { url: 'https://' },
    { service: '../x' },
    { root: 'AB' },
    { secret: 'short' },
    { id: 7 },
    { more: 1 },
  ]) {
    refused(withMembers(change));
  }
});

test('anything at all gives a token or a typed refusal, which has no part of the text', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 300 }), (text) => {
      refused(text);
      refused(`vcc1.${text}`);
    }),
  );
  const secret = 'S3cretThatMustNotLeak';
  const error = refused(`vcc1.${Buffer.from(`{"secret":"${secret}`).toString('base64url')}`);
  assert.ok(!`${error.stack}${JSON.stringify(error)}${String(error.cause)}`.includes(secret));
});
