import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runningPki } from '../support/running-pki.ts';
import { skipWithout } from '../support/system-program.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { shBlocks } from './sh-blocks.ts';
import { runBlock } from './shell.ts';

test('every command of docs/registry.md does what it says', { skip: skipWithout('curl', 'timeout') }, async (t) => {
  const pki = await runningPki(t);
  const cwd = await temporaryDirectory(t);
  const env = { PKI_DIR: pki.directory, PKI_PORT: String(pki.port), API_URL: pki.apiUrl };
  const expected = [
    /"service_id":"vpb-backend".*"revision":1/,
    /status +active since/,
    /vpb-backend +backend +active/,
    /event: hello\ndata: \{"time":.*"resumed":false\}/,
    /status +retired since/,
  ];
  const blocks = await shBlocks('docs/registry.md');
  assert.equal(blocks.length, expected.length);
  for (const [index, block] of blocks.entries()) {
    const { code, stdout, stderr } = await runBlock(block, { cwd, env });
    assert.equal(code, 0, `${block}\n${stdout}\n${stderr}`);
    assert.match(stdout, expected[index]!);
  }
});
