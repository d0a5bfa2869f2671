import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factsText, printable, tableText } from './output.ts';

test('a table has columns and nothing around them', () => {
  const text = tableText(
    ['name', 'serial number'],
    [
      ['a', '01'],
      ['longer', '0203'],
    ],
  );
  assert.deepEqual(text.split('\n'), ['NAME    SERIAL NUMBER', 'a       01', 'longer  0203']);
});

test('facts stand under each other, those without a value are left out', () => {
  assert.equal(
    factsText([
      ['a', '1'],
      ['long', '2'],
      ['none', undefined],
      ['empty', ''],
    ]),
    'a     1\nlong  2',
  );
  assert.equal(factsText([]), '');
});

test('what came over the wire can neither forge lines nor move the cursor', () => {
  assert.equal(printable('a\nb\rc\u001b[2Jd\u0007\u009b'), 'a\uFFFDb\uFFFDc\uFFFD[2Jd\uFFFD\uFFFD');
  assert.equal(printable('\u001b[32mactive\u001b[39m'), '\u001b[32mactive\u001b[39m');
  assert.equal(factsText([['cn', 'x\nstatus  active']]), 'cn  x\uFFFDstatus  active');
});
