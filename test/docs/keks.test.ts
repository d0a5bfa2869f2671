import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runningPki } from '../support/running-pki.ts';
import { skipWithout } from '../support/system-program.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { shBlocks } from './sh-blocks.ts';
import { runBlock } from './shell.ts';

test('every command of docs/keks.md does what it says', { skip: skipWithout('openssl') }, async (t) => {
  const pki = await runningPki(t);
  const cwd = await temporaryDirectory(t);
  const env = { PKI_DIR: pki.directory, PKI_PORT: String(pki.port), API_URL: pki.apiUrl, PUBLIC_URL: pki.publicUrl };
  const blocks = await shBlocks('docs/keks.md');
  assert.ok(blocks.length >= 4);
  const printed: string[] = [];
  for (const block of blocks) {
    const { code, stdout, stderr } = await runBlock(block, { cwd, env });
    assert.equal(code, 0, `${block}\n${stdout}\n${stderr}`);
    printed.push(stdout);
  }
  const all = printed.join('\n');
  assert.match(all, /kek\.pem: OK/);
  assert.match(all, /kek_2 +themis-main +2 +PENDING/);
  assert.match(all, /state +ENABLED, compromised, revoked/);
});
