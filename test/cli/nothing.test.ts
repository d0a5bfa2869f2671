import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CreatedTokenResource } from '@vcc-pki/api';
import { runningPki } from '../support/running-pki.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { runCommand, runJson } from './support/run-cli.ts';

test('a list of nothing is one clear line, and an empty list for programs', async (t) => {
  const pki = await runningPki(t);
  const environment = { directory: pki.directory };
  const empty: readonly [line: string, ...args: string[]][] = [
    ['no certificates', 'list', '--service', 'test-none'],
    ['no tokens', 'token', 'list'],
    ['no services', 'service', 'list', '--type', 'test-none'],
    ['no services', 'discover', '--type', 'test-none'],
    ['no keys', 'kek', 'list'],
    ['no webhooks', 'webhook', 'list'],
    ['no entries', 'audit', 'list', '--action', 'test-none'],
    ['no renewal is failed', 'renewals', '--state', 'failed'],
  ];
  for (const [line, ...args] of empty) {
    const { code, stdout } = await runCommand(args, { environment });
    assert.deepEqual([code, stdout], [0, `${line}\n`], args.join(' '));
    assert.deepEqual((await runJson<{ items: unknown[] }>(args, { environment })).json.items, [], args.join(' '));
  }

  assert.equal((await runCommand(['kek', 'create', 'themis-main'], { environment })).code, 0);
  const ofLine: readonly [line: string, command: string, ...members: string[]][] = [
    ['no grants', 'grants', 'items'],
    ['nobody uses this line yet', 'consumers', 'consumers', 'holders'],
  ];
  for (const [line, command, ...members] of ofLine) {
    const args = ['kek', command, 'themis-main'];
    assert.equal((await runCommand(args, { environment })).stdout, `${line}\n`);
    const { json } = await runJson<Record<string, unknown>>(args, { environment });
    for (const member of members) assert.deepEqual(json[member], [], member);
  }
});

test('every dry run says that nothing was done, to programs too', async (t) => {
  const pki = await runningPki(t);
  const environment = { directory: pki.directory };
  const make = async (...args: string[]): Promise<void> => {
    const { code, stderr } = await runCommand(args, { environment });
    assert.equal(code, 0, stderr);
  };
  await make('kek', 'create', 'themis-main');
  await make('kek', 'rotate', 'themis-main', '--yes');
  await make('kek', 'grant', 'themis-main', 'veritas-backend', '--may', 'read');
  await make('service', 'register', 'test-dry', '--name', 'Dry', '--endpoint', 'https://localhost:9');
  const { json: token } = await runJson<CreatedTokenResource>(['token', 'create', '--service', 'test-dry'], {
    environment,
  });
  const dry: readonly (readonly string[])[] = [
    ['init', '--dir', `${await temporaryDirectory(t)}/pki`],
    ['revoke', 'admin-cli', '--reason', 'superseded'],
    ['token', 'revoke', token.token_id],
    ['service', 'retire', 'test-dry'],
    ['kek', 'rotate', 'themis-main'],
    ['kek', 'disable', 'kek_2', '--force'],
    ['kek', 'compromise', 'kek_1'],
    ['kek', 'revoke-grant', 'themis-main', 'veritas-backend'],
    ['kek', 'revoke-grant', 'themis-main', 'nobody'],
  ];
  for (const args of dry) {
    const told = await runCommand([...args, '--dry-run'], { environment });
    assert.equal(told.code, 0, `${args.join(' ')}: ${told.stderr}`);
    assert.match(told.stdout, /\nnothing was done\n$/, args.join(' '));
    const { json } = await runJson<{ dry_run?: unknown }>([...args, '--dry-run'], { environment });
    assert.equal(json.dry_run, true, args.join(' '));
  }
});
