// docs/path-validation.md says the same as the code.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { defaultLimits, PathError, pathErrorCodes } from '@vcc-pki/x509';

const page = readFileSync(new URL('../../../docs/path-validation.md', import.meta.url), 'utf8');

/** The rows of the table below a heading: cells without their backquotes. */
function tableBelow(heading: string): string[][] {
  const [, section = ''] = page.split(`## ${heading}\n`);
  const [table = ''] = /(^\|.*\n)+/m.exec(section) ?? [];
  const [, , ...rows] = table.trim().split('\n');
  return rows
    .map((row) => row.split('|').map((cell) => cell.trim().replaceAll('`', '')))
    .map((row) => row.slice(1, -1));
}

test('every code stands in the table with its rule, in order, and no other', () => {
  const documented = tableBelow('Why a path is refused').map(([code, rule]) => [code, rule]);
  assert.deepEqual(
    documented,
    pathErrorCodes.map((code) => [code, new PathError(code, 0, '').section]),
  );
});

test('every limit stands in the table with its default', () => {
  assert.deepEqual(
    tableBelow('What it costs'),
    Object.entries(defaultLimits).map(([name, value]) => [name, String(value)]),
  );
});
