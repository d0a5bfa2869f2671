import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InvalidArgumentError } from 'commander';
import {
  collect,
  collectList,
  instant,
  isServiceId,
  metadataOf,
  serviceId,
  timestamp,
  validityLength,
  wholeNumber,
} from './option-parsers.ts';

function refuses(parse: () => unknown): void {
  assert.throws(parse, InvalidArgumentError);
}

test('a whole number keeps its bounds', () => {
  const parse = wholeNumber(1, 500);
  assert.deepEqual(['1', '500', '042'].map(parse), [1, 500, 42]);
  for (const text of ['0', '501', '', '-1', '1.5', '1e2', ' 1', '0x10', 'abc']) refuses(() => parse(text));
});

test('a list is split at commas, and repeating it adds to it', () => {
  assert.deepEqual(collectList('a, b', undefined), ['a', 'b']);
  assert.deepEqual(collectList('c,', ['a', 'b']), ['a', 'b', 'c']);
  refuses(() => collectList(' , ', undefined));
  assert.deepEqual(collect('urn:x,y', ['spiffe://a']), ['spiffe://a', 'urn:x,y']);
});

test('a validity is days or hours', () => {
  assert.deepEqual(validityLength('90'), { validity_days: 90 });
  assert.deepEqual(validityLength('90d'), { validity_days: 90 });
  assert.deepEqual(validityLength('12h'), { validity_hours: 12 });
  for (const text of ['0', '', '12m', '1.5d', '-1', '12 h', 'h']) refuses(() => validityLength(text));
});

test('a service id is a DNS label, so it can be no path', () => {
  assert.equal(serviceId('veritas-backend'), 'veritas-backend');
  for (const text of ['', '.', '..', '../x', 'a/b', 'A', '-a', 'a-', 'a_b', 'a'.repeat(64)]) {
    refuses(() => serviceId(text));
    assert.equal(isServiceId(text), false);
  }
});

test('a time is a day or a time in UTC', () => {
  assert.equal(timestamp('2025-11-21'), '2025-11-21T00:00:00Z');
  assert.equal(timestamp('2025-11-21T22:00:00.123Z'), '2025-11-21T22:00:00.123Z');
  for (const text of ['2025-13-01', '2025-11-21T22:00:00', '2025-11-21T22:00:00+01:00', 'yesterday', '']) {
    refuses(() => timestamp(text));
  }
});

test('metadata is split at the first "="', () => {
  assert.deepEqual(metadataOf(['owner=VERITAS Team', 'formula=a=b', 'empty=']), {
    owner: 'VERITAS Team',
    formula: 'a=b',
    empty: '',
  });
  refuses(() => metadataOf(['owner']));
  refuses(() => metadataOf(['=x']));
});

test('an instant is a day or a time with its offset, as milliseconds', () => {
  assert.equal(instant('2026-11-21'), Date.UTC(2026, 10, 21));
  assert.equal(instant('2026-11-21T22:00:00Z'), Date.UTC(2026, 10, 21, 22));
  assert.equal(instant('2026-11-21t23:00:00.5+01:00'), Date.UTC(2026, 10, 21, 22, 0, 0, 500));
  for (const text of ['', 'now', '2026-11-21T22:00:00', '2026-13-01', '2026-11-21T25:00:00Z', '1763762400']) {
    refuses(() => instant(text));
  }
});
