import assert from 'node:assert/strict';
import { createHash, createPublicKey } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { type CreatedTokenResource, type Problem, parseEnrolmentToken, type TokenPage } from '@vcc-pki/api';
import { enrol } from '../support/enrol.ts';
import { newRequest, runningPki } from '../support/running-pki.ts';
import { runCommand, runJson } from './support/run-cli.ts';

test('the life of an enrolment token, from the command line', async (t) => {
  const pki = await runningPki(t);
  const environment = { directory: pki.directory };
  const run = (...args: string[]) => runCommand(['token', ...args], { environment });
  const json = <T>(...args: string[]) => runJson<T>(['token', ...args], { environment });

  const plain = await run('create', '--service', 'veritas-backend', '--ttl', '15m', '--comment', 'first');
  assert.equal(plain.code, 0, plain.stderr);
  const token = plain.stdout.trim();
  assert.equal(parseEnrolmentToken(token).serviceId, 'veritas-backend');
  assert.match(plain.stderr, /as the whitelist allows/);
  const { csr, key } = await newRequest();
  assert.equal((await enrol(pki, token, csr)).status, 201);

  const csrFile = join(pki.directory, 'clara.csr');
  const tokenFile = join(pki.directory, 'clara.token');
  await writeFile(csrFile, csr);
  const names = ['--dns', 'clara-backend,clara-backend.vcc.local', '--ip', '127.0.0.1'];
  const made = await json<CreatedTokenResource & { file: string }>(
    ...['create', '--service', 'clara-backend', '--csr', csrFile, '--out', tokenFile, ...names],
  );
  assert.deepEqual([made.code, made.json.file, made.json.token], [0, tokenFile, undefined]);
  assert.deepEqual([made.json.dns, made.json.ip], [['clara-backend', 'clara-backend.vcc.local'], ['127.0.0.1']]);
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  assert.equal(made.json.csr_key_sha256, createHash('sha256').update(spki).digest('hex'));
  assert.equal((await stat(tokenFile)).mode & 0o777, 0o600);
  const inFile = parseEnrolmentToken((await readFile(tokenFile, 'utf8')).trim());
  assert.equal(inFile.tokenId, made.json.token_id);

  const contents = await readFile(tokenFile, 'utf8');
  const tokensBefore = (await json<TokenPage>('list')).json.items.length;
  const kept = await json<Problem>('create', '--service', 'clara-backend', '--out', tokenFile);
  assert.deepEqual([kept.code, kept.json.code], [1, 'fileExists']);
  assert.match(`${kept.json.advice}`, /--force/);
  const nowhere = join(pki.directory, 'no-folder', 'clara.token');
  const lost = await json<Problem>('create', '--service', 'clara-backend', '--out', nowhere);
  assert.deepEqual([lost.code, lost.json.code], [1, 'fileUnwritable']);
  assert.equal(await readFile(tokenFile, 'utf8'), contents);
  // Refused before the server was asked: no token that nobody has.
  assert.equal((await json<TokenPage>('list')).json.items.length, tokensBefore);
  assert.equal((await run('create', '--service', 'clara-backend', '--out', tokenFile, '--force')).code, 0);
  assert.notEqual(await readFile(tokenFile, 'utf8'), contents);

  const dry = await run('revoke', made.json.token_id, '--dry-run');
  assert.match(dry.stdout, /nothing was done/);
  assert.equal((await json('revoke', made.json.token_id, '--yes')).code, 0);
  const listed = await json<TokenPage>('list');
  assert.deepEqual(
    listed.json.items.map(({ service_name, status }) => [service_name, status]),
    [
      ['clara-backend', 'open'],
      ['clara-backend', 'revoked'],
      ['veritas-backend', 'used'],
    ],
  );
  assert.match((await run('list', '--service', 'veritas-backend')).stdout, /veritas-backend {2}used .* first$/m);

  assert.equal((await run('create', '--service', 'veritas-backend', '--ttl', '1w')).code, 2);
  assert.equal((await run('create', '--service', 'veritas-backend', '--csr-key-sha256', 'ab')).code, 2);
  assert.equal((await run('create', '--service', 'veritas-backend', '--csr', tokenFile)).code, 1);
  const unknown = await json<Problem>('create', '--service', 'nobody-knows');
  assert.deepEqual([unknown.code, unknown.json.code], [1, 'forbidden']);
  assert.equal((await json('revoke', `tok_${'0'.repeat(32)}`, '--yes')).code, 3);
});
