import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { exitCodes } from '../../apps/cli/src/exit-codes.ts';
import { TestCa } from '../../packages/x509/test/support/test-ca.ts';
import { readJsonVectors, readVectors, skipWithoutVectors } from '../../packages/x509/test/support/vectors.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { runCommand } from './support/run-cli.ts';

test('malformed certificates are refused and explained, without a fault of our own', {
  skip: skipWithoutVectors,
}, async (t) => {
  const root = join(await temporaryDirectory(t), 'root.cer');
  await writeFile(root, TestCa.root().der);
  const { items } = readJsonVectors('malformed/manifest.json') as {
    readonly items: readonly { readonly file: string; readonly kind: string }[];
  };
  const certificates = items.filter(({ kind }) => kind === 'cert');
  assert.ok(certificates.length > 100);
  for (const { file } of certificates) {
    const stdin = readVectors(`malformed/${file}`);
    const { code, stdout, stderr } = await runCommand(['verify', '-', '--ca', root], { stdin });
    assert.equal(code, exitCodes.failed, file);
    assert.match(stderr, /^error: (?:not verified \([a-zA-Z]+\)|standard input (?:is neither|holds no))/, file);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about
    assert.doesNotMatch(stdout + stderr, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/, file);
  }
});
