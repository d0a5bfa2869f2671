import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { runProgram } from '../support/run-program.ts';
import { skipWithout, systemProgram } from '../support/system-program.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const unit = new URL('../../deploy/systemd/vcc-pki-agent.service', import.meta.url);

/** What systemd calls "OK" (systemd.exec(5)): below 5 of 10. */
const maxExposure = 2.5;

test('the unit of systemd is in order, and exposes little', { skip: skipWithout('systemd-analyze') }, async (t) => {
  const file = join(await temporaryDirectory(t), 'vcc-pki-agent.service');
  // Programs must exist for systemd-analyze, and vcc-pki is not installed here.
  await writeFile(file, (await readFile(unit, 'utf8')).replace('/usr/bin/vcc-pki', '/bin/true'));
  const analyze = systemProgram('systemd-analyze');
  const verified = await runProgram(analyze, ['verify', '--man=no', file]);
  assert.equal(
    verified.stderr
      .split('\n')
      .filter((line) => line.includes('vcc-pki-agent'))
      .join('\n'),
    '',
  );
  const judged = await runProgram(analyze, ['security', '--offline=true', `--threshold=${maxExposure * 10}`, file]);
  assert.match(judged.stdout, /Overall exposure level/);
  assert.equal(judged.code, 0, judged.stdout.split('\n').slice(-3).join('\n'));
});
