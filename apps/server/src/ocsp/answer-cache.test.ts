import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AnswerCache } from './answer-cache.ts';
import type { SignedAnswer } from './answer-signer.ts';

const key = { certificate: 'issuer/01', form: 'sha2561' };
const otherForm = { certificate: 'issuer/01', form: 'sha11' };

function answer(text: string, nextUpdate = 1): SignedAnswer {
  return {
    der: new TextEncoder().encode(text),
    sha256: text,
    statuses: ['good'],
    producedAt: 0,
    thisUpdate: 0,
    nextUpdate,
  };
}

function newCache(maxCertificates = 10): AnswerCache {
  return new AnswerCache({ maxCertificates, isUsable: ({ nextUpdate }) => nextUpdate > 0 });
}

test('an answer is kept for its certificate and form of CertID', async () => {
  const cache = newCache();
  const made = await cache.make(key, async () => answer('one'));
  assert.equal(cache.find(key), made);
  assert.equal(cache.find(otherForm), undefined);
  assert.equal(cache.find({ ...key, certificate: 'issuer/02' }), undefined);
});

test('all who ask at the same time share one answer', async () => {
  const cache = newCache();
  let calls = 0;
  const make = async (): Promise<SignedAnswer> => {
    calls += 1;
    await nextTurn();
    return answer(`${calls}`);
  };
  const answers = await Promise.all([cache.make(key, make), cache.make(key, make), cache.make(otherForm, make)]);
  assert.deepEqual(
    answers.map(({ sha256 }) => sha256),
    ['2', '2', '2'],
  );
  assert.equal(calls, 2);
});

test('what is forgotten is forgotten in every form', async () => {
  const cache = newCache();
  await cache.make(key, async () => answer('one'));
  await cache.make(otherForm, async () => answer('two'));
  cache.forget(key.certificate);
  assert.equal(cache.find(key), undefined);
  assert.equal(cache.find(otherForm), undefined);
});

test('an answer that was read before a revocation and signed after it is given, and neither kept nor shared', async () => {
  const cache = newCache();
  const { promise, resolve } = Promise.withResolvers<SignedAnswer>();
  const old = cache.make(key, () => promise);
  cache.forget(key.certificate);
  const fresh = cache.make(key, async () => answer('revoked'));
  assert.equal((await fresh).sha256, 'revoked');
  resolve(answer('good'));
  assert.equal((await old).sha256, 'good');
  assert.equal(cache.find(key)?.sha256, 'revoked');
});

test('what may not be used is neither kept nor found', async () => {
  let limit = 0;
  const cache = new AnswerCache({ maxCertificates: 10, isUsable: ({ nextUpdate }) => nextUpdate > limit });
  await cache.make(key, async () => answer('past', 0));
  assert.equal(cache.find(key), undefined);
  await cache.make(key, async () => answer('present', 5));
  assert.equal(cache.find(key)?.sha256, 'present');
  limit = 5;
  assert.equal(cache.find(key), undefined);
});

test('a failure is told to all who waited, and the next one tries again', async () => {
  const cache = newCache();
  const fail = async (): Promise<SignedAnswer> => {
    await nextTurn();
    throw new RangeError('no');
  };
  const waiting = [cache.make(key, fail), cache.make(key, fail)];
  for (const one of waiting) await assert.rejects(one, RangeError);
  assert.equal((await cache.make(key, async () => answer('one'))).sha256, 'one');
});

test('the certificates that were asked about least recently go first', async () => {
  const cache = newCache(2);
  for (const serial of ['01', '02']) {
    await cache.make({ certificate: serial, form: 'f' }, async () => answer(serial));
  }
  cache.find({ certificate: '01', form: 'f' });
  await cache.make({ certificate: '03', form: 'f' }, async () => answer('03'));
  assert.deepEqual(
    ['01', '02', '03'].map((certificate) => cache.find({ certificate, form: 'f' })?.sha256),
    ['01', undefined, '03'],
  );
});
