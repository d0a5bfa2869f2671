import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runningPki } from '../support/running-pki.ts';
import { skipWithout } from '../support/system-program.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { shBlocks } from './sh-blocks.ts';
import { runBlock } from './shell.ts';

test('every command of docs/enrolment.md does what it says', { skip: skipWithout('openssl', 'curl') }, async (t) => {
  const pki = await runningPki(t);
  const cwd = await temporaryDirectory(t);
  const env = { PKI_DIR: pki.directory, PKI_PORT: String(pki.port), API_URL: pki.apiUrl };
  const blocks = await shBlocks('docs/enrolment.md');
  assert.equal(blocks.length, 2);
  for (const block of blocks) {
    const { code, stdout, stderr } = await runBlock(block, { cwd, env });
    assert.equal(code, 0, `${block}\n${stdout}\n${stderr}`);
    if (block.includes('token list')) assert.match(stdout, /veritas-backend\s+used/);
  }
});
