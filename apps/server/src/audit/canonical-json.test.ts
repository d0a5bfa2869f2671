import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalJson, type JsonValue } from './canonical-json.ts';

test('member names are sorted at every depth and undefined members left out', () => {
  const value = { b: [{ z: 1, a: null }], a: 'x', c: undefined };
  assert.equal(canonicalJson(value), '{"a":"x","b":[{"a":null,"z":1}]}');
});

test('names are sorted by UTF-16 code units (the example of RFC 8785 s3.2.3)', () => {
  const sorted = ['\r', '1', '\u0080', '\u00f6', '\u20ac', '\ud83d\ude00', '\ufb33'];
  const value = Object.fromEntries(sorted.toReversed().map((name) => [name, 0]));
  assert.equal(canonicalJson(value), `{${sorted.map((name) => `${JSON.stringify(name)}:0`).join(',')}}`);
});

test('property: the text means the same, and equal values give equal text', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value as JsonValue);
      assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)));
      assert.equal(canonicalJson(JSON.parse(text)), text);
    }),
  );
});
