import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problemCodeForField } from './field-problems.ts';

test('a member with a code of its own has it, all others are malformed', () => {
  assert.equal(problemCodeForField('reason'), 'badRevocationReason');
  assert.equal(problemCodeForField('csr'), 'badCSR');
  assert.equal(problemCodeForField('san_dns[3]'), 'malformed');
  assert.equal(problemCodeForField('constructor'), 'malformed');
  assert.equal(problemCodeForField(''), 'malformed');
});
