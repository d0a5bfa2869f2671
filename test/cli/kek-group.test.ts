import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KekGroupResource, Problem } from '@vcc-pki/api';
import { fetchGroupKey } from '../support/kek-consumer.ts';
import { runningPki } from '../support/running-pki.ts';
import { runCommand, runJson } from './support/run-cli.ts';

const line = 'themis-main';
const doctors = [line, 'acme', 'doctors'] as const;

test('the life of a group, from the command line', async (t) => {
  const pki = await runningPki(t);
  const environment = { directory: pki.directory };
  const run = (...args: string[]) => runCommand(['kek', 'group', ...args], { environment });
  const json = <T = KekGroupResource>(...args: string[]) => runJson<T>(['kek', 'group', ...args], { environment });
  const refusal = async (...args: string[]) => {
    const { code, json: problem } = await json<Problem>(...args);
    return [code, problem.code];
  };
  await runCommand(['kek', 'create', line], { environment });
  await runCommand(['kek', 'grant', line, 'veritas-backend', '--may', 'read'], { environment });
  const service = await pki.issueFor('veritas-backend');

  const made = await json('create', ...doctors);
  assert.deepEqual([made.code, made.json.mode, made.json.epoch, made.json.members], [0, 'sealed', 1, []]);
  assert.deepEqual(await refusal('create', ...doctors), [1, 'conflict']);
  assert.equal((await run('create', line, 'acme', 'x', '--mode', 'open')).code, 2);
  assert.equal((await json('create', line, 'bolt', 'nurses', '--mode', 'derived')).json.mode, 'derived');

  const added = await json('add-member', ...doctors, 'veritas-backend');
  assert.deepEqual(added.json.members, ['veritas-backend']);
  const fetchKey = (epoch: number) =>
    fetchGroupKey(pki.call, { as: service, name: { line, tenant: 'acme', group: 'doctors', epoch } });
  assert.equal((await fetchKey(1)).answer.status, 200);

  const dry = await json<KekGroupResource & { dry_run: boolean }>('next-epoch', ...doctors, '--dry-run');
  assert.deepEqual([dry.json.dry_run, dry.json.epoch], [true, 1]);
  const next = await json('next-epoch', ...doctors, '--comment', 'a year is over', '--yes');
  assert.equal(next.json.epoch, 2);
  assert.notEqual(next.json.key_id, made.json.key_id);

  const asked = await run('remove-member', ...doctors, 'veritas-backend');
  assert.equal(asked.code, 2, 'it asks, and nobody is there');
  await json('remove-member', ...doctors, 'veritas-backend', '--dry-run');
  assert.equal((await fetchKey(2)).answer.status, 200);
  const removed = await json('remove-member', ...doctors, 'veritas-backend', '--yes');
  assert.deepEqual([removed.json.epoch, removed.json.members], [3, []]);
  assert.equal((await fetchKey(2)).answer.status, 403);
  assert.deepEqual(await refusal('remove-member', ...doctors, 'veritas-backend', '--yes'), [3, 'notFound']);

  const shown = await run('show', ...doctors);
  assert.match(
    shown.stdout,
    /^line +themis-main[\s\S]*\nmode +sealed: members alone[\s\S]*\nepoch +3\n[\s\S]*\nmembers +none\n/,
  );
  const list = await run('list', line);
  assert.match(
    list.stdout,
    /^TENANT +GROUP +MODE +EPOCH[\s\S]*\nacme +doctors +sealed +3[\s\S]*\nbolt +nurses +derived +1/,
  );
  const bolt = await json<{ items: KekGroupResource[] }>('list', line, '--tenant', 'bolt');
  assert.deepEqual(
    bolt.json.items.map(({ group }) => group),
    ['nurses'],
  );
  assert.match((await run('list', line, '--tenant', 'none')).stdout, /^no groups\n/);
  assert.deepEqual(await refusal('show', line, 'acme', 'porters'), [3, 'notFound']);
});
