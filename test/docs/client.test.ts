import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { PKIClient } from '@vcc-pki/client';

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

/** Names of all metrics that a client prints. */
function realMetrics(): Set<string> {
  const client = new PKIClient({
    serviceId: 'veritas-backend',
    pkiServerUrl: 'https://localhost:8443',
    folder: '/nowhere',
  });
  return new Set([...client.metrics().matchAll(/^# TYPE (\S+) /gm)].map(([, name = '']) => name));
}

test('docs/client.md has every metric, and no other', async () => {
  const [, section = ''] = (await read('docs/client.md')).split('\n## Metrics\n');
  const rows = section.split('\n## ')[0]?.matchAll(/^\| (`vcc_.+?) \|/gm) ?? [];
  const documented = [...rows].flatMap(([, names = '']) =>
    [...names.matchAll(/`(vcc_\w+)/g)].map(([, name = '']) => name),
  );
  assert.deepEqual(documented.sort(), [...realMetrics()].sort());
});

test('every alert on clients is over metrics that they have, and names a page that exists', async () => {
  const text = await read('deploy/prometheus/client.rules.yaml');
  const rules = [...text.matchAll(/- alert: (\S+)\n\s+expr: (.+)\n(?:.*\n)*?.*runbook: (\S+)/g)];
  assert.ok(rules.length >= 4);
  assert.equal(rules.length, text.match(/- alert:/g)?.length);
  const metrics = realMetrics();
  for (const [, alert = '', expr = '', runbook = ''] of rules) {
    const names = expr.match(/vcc_\w+/g) ?? [];
    assert.ok(names.length > 0, alert);
    for (const name of names) assert.ok(metrics.has(name), `${alert}: there is no ${name}`);
    assert.ok((await read(runbook)).length > 500, alert);
  }
});
