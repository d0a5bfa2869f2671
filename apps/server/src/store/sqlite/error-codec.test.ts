import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PkiError } from '@vcc-pki/api';
import { encodeError, parseEncodedError } from './error-codec.ts';

const throughThread = (error: unknown) => parseEncodedError(structuredClone(encodeError(error)));

test('a refusal keeps its class, code, text, field and extras', () => {
  const error = throughThread(new PkiError('rateLimited', 'Wait.', { field: 'csr', retryAfterSeconds: 3 }));
  assert.ok(error instanceof PkiError);
  assert.equal(error.code, 'rateLimited');
  assert.equal(error.message, 'Wait.');
  assert.equal(error.field, 'csr');
  assert.deepEqual(error.extra, { retryAfterSeconds: 3 });
});

test('a failure keeps its text and says where it arose', () => {
  const original = new TypeError('broken');
  const error = throughThread(original);
  assert.ok(!(error instanceof PkiError));
  assert.equal(error.message, 'broken');
  assert.equal(error.stack, original.stack);
});

test('what is thrown and no error becomes one', () => {
  assert.equal(throughThread('text').message, 'text');
});
