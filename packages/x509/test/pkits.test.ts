// NIST PKITS 1.0.1, every case: verdict and user-constrained policy set. `pkits-exceptions.json` lists, each with its
// reason, what differs; a listed case that passes fails the test too.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PathError } from '@vcc-pki/x509';
import exceptions from './pkits-exceptions.json' with { type: 'json' };
import { type PkitsCase, pkitsRequest, readPkits } from './support/pkits.ts';
import { skipWithoutVectors } from './support/vectors.ts';
import { verdictOf } from './support/verdict.ts';

function isListed(list: object, { id }: PkitsCase): boolean {
  return Object.hasOwn(list, id);
}

test('PKITS: every verdict and every policy set', { skip: skipWithoutVectors }, async () => {
  const { at, tests } = readPkits();
  assert.equal(tests.length, 249);
  for (const one of tests) {
    const verdict = await verdictOf(pkitsRequest(one, { at, algorithms: 'legacy' }));
    const isValid = !(verdict instanceof PathError);
    const label = `${one.id} ${one.name}: ${isValid ? 'valid' : `${verdict.code}: ${verdict.message}`}`;
    assert.equal(isValid === (one.expected === 'valid'), !isListed(exceptions.verdicts, one), label);
    if (!isValid) assert.notEqual(verdict.code, 'limitExceeded', label);
    else if (one.expected === 'valid') {
      const agrees = [...verdict.policies].sort().join() === [...one.userConstrainedPolicySet].sort().join();
      assert.equal(agrees, !isListed(exceptions.policySets, one), `${label}: ${verdict.policies}`);
    }
  }
});

test('PKITS: with today’s algorithms only those of the list fail', { skip: skipWithoutVectors }, async () => {
  const { at, tests } = readPkits();
  for (const one of tests.filter(({ expected }) => expected === 'valid')) {
    const verdict = await verdictOf(pkitsRequest(one, { at, algorithms: 'strict' }));
    const isRefused = verdict instanceof PathError;
    assert.equal(isRefused, isListed(exceptions.legacyAlgorithms, one), `${one.id} ${one.name}`);
    if (isRefused) assert.equal(verdict.code, 'keyNotAllowed');
  }
});

test('PKITS: valid paths are found among the certificates of all cases', { skip: skipWithoutVectors }, async () => {
  const { at, tests } = readPkits();
  const pool = [...new Set(tests.flatMap(({ intermediates }) => intermediates))];
  assert.ok(pool.length > 170, `only ${pool.length}`);
  const valid = tests.filter(({ expected, id }) => expected === 'valid' && !id.startsWith('4.1.'));
  for (const one of valid.filter((_, i) => i % 5 === 0)) {
    const verdict = await verdictOf(pkitsRequest(one, { at, algorithms: 'strict', pool }));
    assert.ok(!(verdict instanceof PathError), `${one.id} ${one.name}: ${verdict}`);
  }
});
