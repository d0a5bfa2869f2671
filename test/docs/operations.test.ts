import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { runningPki } from '../support/running-pki.ts';
import { skipWithout } from '../support/system-program.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { shBlocks } from './sh-blocks.ts';
import { runBlock } from './shell.ts';

test('every command of docs/operations.md does what it says', async (t) => {
  const pki = await runningPki(t);
  const cwd = await temporaryDirectory(t);
  const env = {
    PKI_DIR: pki.directory,
    PKI_PORT: String(pki.port),
    API_URL: pki.apiUrl,
    PUBLIC_URL: pki.publicUrl,
    BACKUP_DIR: cwd,
  };
  const blocks = await shBlocks('docs/operations.md');
  assert.ok(blocks.length >= 6);
  for (const block of blocks) {
    const missing = block.includes('sqlite3') && skipWithout('sqlite3');
    if (missing !== false) {
      t.diagnostic(`the backup command was not run: ${missing}`);
      continue;
    }
    const { code, stdout, stderr } = await runBlock(block, { cwd, env });
    assert.equal(code, 0, `${block}\n${stdout}\n${stderr}`);
  }
  const { stdout } = await runBlock('npx vcc-pki list --service test-lost --json', { cwd, env });
  assert.match(stdout, /"status": ?"revoked"/, `the key of the page was not revoked in ${join(cwd)}`);
});
