import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { rules } from '@vcc-pki/lint';
import { rulesTable } from './rules-table.ts';

const rulesFolder = join(import.meta.dirname, '../src/rules');
const documentation = join(import.meta.dirname, '../../../docs/lint.md');

test('ids are unique and in snake case', () => {
  const ids = rules.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
  for (const id of ids) assert.match(id, /^[a-z0-9]+(_[a-z0-9]+)+$/);
});

test('every rule names its source, its text and what it applies to', () => {
  for (const { id, source, text, appliesTo } of rules) {
    assert.match(source, /^(RFC \d+|X\.690|CA\/B BR \d|SPIFFE|House rule)/, id);
    assert.match(text, /^[A-Za-z].*[.)]$/, id);
    assert.ok(appliesTo.length > 0 && new Set(appliesTo).size === appliesTo.length, id);
  }
});

test('every rule file is registered, under the id that its folder and name spell', () => {
  const files = readdirSync(rulesFolder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile() && file.parentPath !== rulesFolder)
    .map(({ parentPath, name }) => `${basename(parentPath)}_${name.replace('.ts', '')}`.replaceAll('-', '_'));
  const registered = rules.map(({ id }) => id).filter((id) => id !== 'der_malformed');
  assert.deepEqual(files.toSorted(), registered.toSorted());
});

test('docs/lint.md lists the rules as they are (packages/lint/test/write-documentation.ts brings it up to date)', () => {
  assert.ok(readFileSync(documentation, 'utf8').replaceAll('\r\n', '\n').includes(rulesTable()));
});
