import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { ConfigError } from '@vcc-pki/server';
import { runningPki } from '../../support/running-pki.ts';

test('another number of shards than that of the CA is a mistake in the configuration', async (t) => {
  const pki = await runningPki(t);
  const file = join(pki.directory, 'config', 'pki_config.yaml');
  const text = await readFile(file, 'utf8');
  const line = text.split('\n').findIndex((each) => each.includes('crl_shards: 16')) + 1;
  await writeFile(file, text.replace('crl_shards: 16', 'crl_shards: 32'));
  await assert.rejects(pki.restart(), (error: unknown) => {
    assert.ok(error instanceof ConfigError);
    const [finding] = error.findings;
    assert.deepEqual(
      [finding?.code, finding?.path, finding?.file, finding?.line],
      ['conflict', 'security.crl_shards', file, line],
    );
    assert.match(error.message, /32, but this CA was made with 16/);
    return true;
  });
  await writeFile(file, text);
  await pki.restart();
});
