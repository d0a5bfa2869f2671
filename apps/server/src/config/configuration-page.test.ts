import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { stringify } from 'yaml';
import { ConfigError, formatFinding, loadConfig } from './index.ts';
import { type ConfigFileName, configFileNames, schemas } from './schemas/index.ts';
import { listSettings, type SchemaNode, type Setting } from './setting.ts';

const page = readFileSync(new URL('../../../../docs/configuration.md', import.meta.url), 'utf8');

/** The part of the page under the heading of a file. */
function sectionOf(name: ConfigFileName): string {
  const [, rest = ''] = page.split(`\n## ${name}\n`);
  return rest.split('\n## ')[0] ?? '';
}

/** How the page shows a setting: key, meaning, default, allowed, example. */
function row({ path, description, default: value, required, allowed, example }: Setting): string {
  const code = (shown: unknown): string => `\`${inline(shown)}\``;
  const fallback = value !== undefined ? code(value) : required ? 'must be there' : 'none';
  const cells = [code(path), description, fallback, allowed, code(example)];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function inline(value: unknown): string {
  if (typeof value === 'string') return value;
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0 })
    .trimEnd()
    .replace(/^\[ (.*) \]$/, '[$1]');
}

/** The files of the page's examples, which name themselves in their first line. */
function examples(): [name: string, text: string][] {
  const blocks = [...page.matchAll(/```yaml\n# (\S+\.yaml)\n([\s\S]*?)```/g)];
  return blocks.map(([, name = '', text = '']) => [name, text]);
}

async function load(name: string, text: string): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'page-'));
  try {
    mkdirSync(join(directory, 'config'));
    for (const file of configFileNames) writeFileSync(join(directory, 'config', file), file === name ? text : '');
    await loadConfig(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

for (const name of configFileNames) {
  test(`configuration.md has the rows of ${name}, in order, and no others`, () => {
    const documented = sectionOf(name)
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    assert.deepEqual(documented, listSettings(schemas[name] as SchemaNode).map(row));
  });
}

/** The schema of a key that `listSettings` names. */
function nodeAt(schema: SchemaNode, path: string): SchemaNode {
  return path.split('.').reduce<SchemaNode>((node, key) => {
    const member = node.properties?.[key.replace('[]', '')];
    return (key.endsWith('[]') ? member?.items : member) ?? {};
  }, schema);
}

test('every setting has a meaning, and an example and default that are allowed', () => {
  for (const name of configFileNames) {
    const schema = schemas[name] as SchemaNode;
    for (const { path, description, example, default: value } of listSettings(schema)) {
      assert.match(description, /^\S.*\.$/, path);
      assert.ok(Value.Check(nodeAt(schema, path) as TSchema, example), `${path}: example`);
      assert.ok(value === undefined || Value.Check(nodeAt(schema, path) as TSchema, value), `${path}: default`);
    }
  }
});

test('every example of the page is a configuration that loads', async () => {
  assert.ok(examples().length >= 3);
  for (const [name, text] of examples()) await load(name, text);
});

test('the mistake on the page is reported as the page says', async () => {
  const [, yaml = ''] = /```yaml\n# mistaken pki_config\.yaml\n([\s\S]*?)```/.exec(page) ?? [];
  const [, report = ''] = /```text\n(pki\/config\/[\s\S]*?)```/.exec(page) ?? [];
  await assert.rejects(load('pki_config.yaml', yaml), (error: unknown) => {
    assert.ok(error instanceof ConfigError);
    const lines = error.findings.map((finding) => formatFinding({ ...finding, file: 'pki/config/pki_config.yaml' }));
    assert.deepEqual(lines, report.trimEnd().split('\n'));
    return true;
  });
});
