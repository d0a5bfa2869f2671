import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { didYouMean, editDistance } from './did-you-mean.ts';

const keys = ['port', 'public_port', 'default_validity_days', 'max_body_bytes', 'host'];

test('finds what was meant', () => {
  const cases: [string, string | undefined][] = [
    ['prot', 'port'],
    ['default_validty_days', 'default_validity_days'],
    ['maxBodyBytes', 'max_body_bytes'],
    ['max-body-bytes', 'max_body_bytes'],
    ['pubic_port', 'public_port'],
    ['database', undefined],
    ['', undefined],
    ['x'.repeat(100_000), undefined],
  ];
  for (const [word, meant] of cases) assert.equal(didYouMean(word, keys), meant, word.slice(0, 30));
});

test('a swap of neighbours is one mistake', () => {
  assert.equal(editDistance('prot', 'port'), 1);
  assert.equal(editDistance('kitten', 'sitting'), 3);
});

test('property: it is a distance, and the lengths bound it', () => {
  const word = fc.string({ maxLength: 12, unit: fc.constantFrom('a', 'b', 'c') });
  fc.assert(
    fc.property(word, word, (a, b) => {
      const distance = editDistance(a, b);
      assert.equal(distance, editDistance(b, a));
      assert.equal(distance === 0, a === b);
      assert.ok(distance >= Math.abs(a.length - b.length) && distance <= Math.max(a.length, b.length));
    }),
  );
});
