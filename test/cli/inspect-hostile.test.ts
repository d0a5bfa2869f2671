import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readJsonVectors, readVectors, skipWithoutVectors } from '../../packages/x509/test/support/vectors.ts';
import { processorTime } from '../support/processor-time.ts';
import { inspectJson } from './support/inspect-json.ts';
import { runCommand } from './support/run-cli.ts';

interface Manifest {
  readonly items: readonly { readonly file: string }[];
}

/** A run takes a few milliseconds; this is far less than anything takes that grows out of bounds. */
const mostMs = 1000;

test('every malformed file is told to be so, without a fault of our own', { skip: skipWithoutVectors }, async () => {
  const { items } = readJsonVectors('malformed/manifest.json') as Manifest;
  assert.ok(items.length > 2000);
  const seen = new Map<string | undefined, number>();
  for (const { file } of items) {
    const stdin = readVectors(`malformed/${file}`);
    const spentMs = processorTime();
    const { json } = await inspectJson(['-'], { stdin });
    assert.ok(spentMs() < mostMs, `${file} took too long`);
    assert.ok([undefined, 'lintErrors', 'fileUnreadable'].includes(json.code), `${file}: ${json.code}`);
    seen.set(json.code, (seen.get(json.code) ?? 0) + 1);
  }
  assert.ok((seen.get('fileUnreadable') ?? 0) > 0 && (seen.get('lintErrors') ?? 0) > 0);
});

test('every malformed file is text without control characters', { skip: skipWithoutVectors }, async () => {
  const { items } = readJsonVectors('malformed/manifest.json') as Manifest;
  for (const { file } of items) {
    const { stdout, stderr } = await runCommand(['inspect', '-'], { stdin: readVectors(`malformed/${file}`) });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about
    assert.doesNotMatch(stdout + stderr, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/, file);
  }
});
