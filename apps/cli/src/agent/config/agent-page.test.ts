import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { listSettings, type SchemaNode, type Setting } from '@vcc-pki/server/config-file';
import { stringify } from 'yaml';
import { agentSchema } from './agent-schema.ts';
import { loadAgentConfig } from './load-agent-config.ts';

const page = readFileSync(new URL('../../../../../docs/agent.md', import.meta.url), 'utf8');

/** How the page shows a setting: key, meaning, default, allowed, example. */
function row({ path, description, default: value, required, allowed, example }: Setting): string {
  const code = (shown: unknown): string => `\`${inline(shown)}\``;
  const fallback = value !== undefined ? code(value) : required ? 'must be there' : 'none';
  const cells = [code(path), description, fallback, allowed, example === undefined ? '' : code(example)];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function inline(value: unknown): string {
  if (typeof value === 'string') return value;
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0 })
    .trimEnd()
    .replace(/^\[ (.*) \]$/, '[$1]');
}

test('agent.md has every key of agent.yaml, in order, and no others', () => {
  const [, keys = ''] = page.split('\n## agent.yaml\n');
  const documented = (keys.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('| `'));
  const rows = listSettings(agentSchema as unknown as SchemaNode).map(row);
  assert.deepEqual(documented, rows);
});

test('every setting has a meaning', () => {
  for (const { path, description } of listSettings(agentSchema as unknown as SchemaNode))
    assert.match(description, /^\S.*\.$/, path);
});

test('the first example of agent.md is a configuration that loads', async () => {
  const [, yaml = ''] = /```yaml\n# agent\.yaml\n([\s\S]*?)```/.exec(page) ?? [];
  const folder = mkdtempSync(join(tmpdir(), 'agent-page-'));
  try {
    writeFileSync(join(folder, 'agent.yaml'), yaml);
    assert.equal((await loadAgentConfig(join(folder, 'agent.yaml'))).certificates[0]?.name, 'web');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
