import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KekConsumerList, KekGrantList, KekGrantResource, KekLog, KekResource, Problem } from '@vcc-pki/api';
import { fetchKek } from '../support/kek-consumer.ts';
import { runningPki } from '../support/running-pki.ts';
import { runCommand, runJson } from './support/run-cli.ts';

test('the life of a key-encryption key, from the command line', async (t) => {
  const pki = await runningPki(t);
  const environment = { directory: pki.directory };
  const run = (...args: string[]) => runCommand(['kek', ...args], { environment });
  const json = <T>(...args: string[]) => runJson<T>(['kek', ...args], { environment });
  const refusal = async (...args: string[]) => {
    const { code, json: problem } = await json<Problem>(...args);
    return [code, problem.code];
  };
  const service = await pki.issueFor('veritas-backend');

  const made = await json<KekResource>('create', 'themis-main', '--kem', 'P-256', '--days', '30');
  assert.deepEqual([made.code, made.json.id, made.json.state, made.json.kem], [0, 'kek_1', 'PRIMARY', 'P-256']);
  assert.deepEqual(await refusal('create', 'themis-main'), [1, 'conflict']);
  assert.equal((await run('create', 'themis-main', '--days', '731')).code, 2);

  const granted = await json<KekGrantResource>('grant', 'themis-main', 'veritas-backend', '--may', 'read,write');
  assert.deepEqual(granted.json.grants, ['read', 'write']);
  assert.equal((await run('grant', 'themis-main', 'veritas-backend', '--may', 'all')).code, 2);
  assert.equal((await fetchKek(pki.call, { as: service, kekId: 'kek_1' })).answer.status, 200);

  const dry = await json<KekResource & { dry_run: boolean }>('rotate', 'themis-main', '--dry-run');
  assert.deepEqual([dry.json.dry_run, dry.json.id], [true, 'kek_1']);
  const second = await json<KekResource>('rotate', 'kek_1', '--yes');
  assert.deepEqual([second.json.id, second.json.state], ['kek_2', 'PENDING']);

  assert.deepEqual(await refusal('promote', 'kek_2', '--dry-run'), [1, 'kekNotAcknowledged']);
  assert.deepEqual(await refusal('promote', 'kek_2', '--yes'), [1, 'kekNotAcknowledged']);
  const forced = await json<KekResource>('promote', 'kek_2', '--force', '--comment', 'it is gone', '--dry-run');
  assert.deepEqual([forced.code, forced.json.state], [0, 'PENDING']);
  assert.equal((await json<KekResource>('promote', 'kek_2', '--force', '--yes')).json.state, 'PRIMARY');

  const shown = await run('show', 'themis-main');
  assert.match(shown.stdout, /^id +kek_2\n[\s\S]*\nstate +PRIMARY\n/);
  assert.match(
    (await run('list')).stdout,
    /^ID[\s\S]*\nkek_2 +themis-main +2 +PRIMARY[\s\S]*\nkek_1 +themis-main +1 +ENABLED/,
  );
  const consumers = await json<KekConsumerList>('consumers', 'themis-main');
  assert.deepEqual(
    consumers.json.holders.map(({ service_id, version, records }) => [service_id, version, records]),
    [['veritas-backend', 1, null]],
  );

  assert.deepEqual(await refusal('disable', 'kek_1', '--yes'), [1, 'kekInUse']);
  assert.equal((await json<KekResource>('disable', 'kek_1', '--force', '--yes')).json.state, 'DISABLED');
  assert.equal((await json<KekResource>('enable', 'kek_1', '--yes')).json.state, 'ENABLED');
  await run('disable', 'kek_1', '--force', '--yes');
  assert.equal((await run('destroy', 'kek_1')).code, 1);
  assert.equal((await json<KekResource>('destroy', 'kek_1', '--force', '--yes')).json.state, 'DESTROYED');

  const given = await json<KekResource>('compromise', 'kek_2', '--yes');
  assert.deepEqual([given.json.state, given.json.compromised], ['ENABLED', true]);
  assert.equal((await json<KekResource>('show', 'themis-main')).json.id, 'kek_3');
  const log = await json<KekLog>('log', 'themis-main');
  assert.deepEqual(
    log.json.items.filter(({ forced: isForced }) => isForced).map(({ cause, id }) => `${cause} ${id}`),
    [
      'promote kek_3',
      'promote kek_2',
      'destroy kek_1',
      'disable kek_1',
      'disable kek_1',
      'promote kek_2',
      'promote kek_1',
    ],
  );

  assert.equal((await json('revoke-grant', 'themis-main', 'veritas-backend', '--dry-run')).code, 0);
  assert.equal((await run('revoke-grant', 'themis-main', 'veritas-backend', '--yes')).code, 0);
  assert.deepEqual(await refusal('revoke-grant', 'themis-main', 'veritas-backend', '--yes'), [3, 'notFound']);
  assert.deepEqual((await json<KekGrantList>('grants', 'themis-main')).json.items, []);
  assert.deepEqual(await refusal('show', 'kek_99'), [3, 'notFound']);
});
