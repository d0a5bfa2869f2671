import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

const read = (path: string): Promise<string> => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');

/** The names in the first column of the table under a heading. */
function firstColumn(page: string, heading: string): string[] {
  const [, section = ''] = page.split(`\n## ${heading}\n`);
  const rows = section.split('\n## ')[0]?.matchAll(/^\| ((?:`[\w.]+`(?:, )?)+) \|/gm) ?? [];
  return [...rows].flatMap(([, names = '']) => [...names.matchAll(/`([\w.]+)`/g)].map(([, name = '']) => name));
}

test('docs/client.md has every error code, and no other', async () => {
  const source = await read('packages/client/src/client-error.ts');
  const codes = [...source.matchAll(/^ {2}\| '(\w+)'/gm)].map(([, code]) => code);
  assert.ok(codes.length > 15);
  assert.deepEqual(firstColumn(await read('docs/client.md'), 'Errors').sort(), codes.sort());
});

test('docs/client.md has every event, and no other', async () => {
  const sources = await Promise.all(
    ['keeper/keeper-events.ts', 'client-events.ts'].map((file) => read(`packages/client/src/${file}`)),
  );
  const events = sources.flatMap((source) =>
    [...source.matchAll(/interface \w*Events[^{]*\{(.*?)^\}/gms)].flatMap(([, body = '']) =>
      [...body.matchAll(/^ {2}readonly (\w+): \[/gm)].map(([, name]) => name),
    ),
  );
  assert.ok(events.length > 14);
  assert.deepEqual(firstColumn(await read('docs/client.md'), 'Events').sort(), events.sort());
});
