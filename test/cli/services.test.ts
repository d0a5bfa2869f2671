import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DiscoveredService, ServiceResource } from '@vcc-pki/api';
import { runningPki } from '../support/running-pki.ts';
import { runCommand, runJson } from './support/run-cli.ts';

test('the registry of services, from the command line', async (t) => {
  const pki = await runningPki(t);
  const environment = { directory: pki.directory };
  const run = (...args: string[]) => runCommand(args, { environment });
  const json = <T>(...args: string[]) => runJson<T>(args, { environment });
  const endpoint = 'https://vpb-backend.vcc.local:45678';

  await t.test('register, update, list, show', async () => {
    const made = await json<ServiceResource>(
      ...['service', 'register', 'vpb-backend', '--type', 'backend', '--endpoint', `${endpoint},${endpoint}/v2`],
      ...['--health-check-url', `${endpoint}/health`],
    );
    assert.equal(made.code, 0);
    assert.partialDeepStrictEqual(made.json, {
      ...{ service_id: 'vpb-backend', service_name: 'vpb-backend', service_type: 'backend', auto_renew: true },
      endpoints: [endpoint, `${endpoint}/v2`],
      health_check_url: `${endpoint}/health`,
    });
    const changed = await json<ServiceResource>(
      ...['service', 'update', 'vpb-backend', '--name', 'VPB', '--health-check-url', '', '--auto-renew', 'off'],
    );
    assert.partialDeepStrictEqual(changed.json, {
      ...{ service_name: 'VPB', service_type: 'backend', health_check_url: null, auto_renew: false, revision: 2 },
    });
    await run('service', 'register', 'covina-backend', '--no-auto-renew');
    const { stdout } = await run('service', 'list');
    assert.deepEqual(
      stdout.split('\n').map((line) => line.split(/\s+/)[0]),
      ['SERVICE', 'covina-backend', 'vpb-backend', ''],
    );
    const listed = await json<{ items: ServiceResource[]; complete: boolean }>('service', 'list', '--type', 'backend');
    assert.deepEqual(
      [listed.json.items.map(({ service_id }) => service_id), listed.json.complete],
      [['vpb-backend'], true],
    );
    assert.match((await run('service', 'show', 'vpb-backend')).stdout, /^service +vpb-backend\nname +VPB\n/);
  });

  await t.test('discover by id, by type, all', async () => {
    await pki.issueFor('vpb-backend');
    const ids = async (...args: string[]) =>
      (await json<{ items: DiscoveredService[] }>('discover', ...args)).json.items.map(({ service_id }) => service_id);
    assert.deepEqual(await ids('vpb-backend'), ['vpb-backend']);
    assert.deepEqual(await ids('backend'), ['vpb-backend']);
    assert.deepEqual(await ids('--type', 'vpb-backend'), []);
    assert.deepEqual(await ids(), ['covina-backend', 'vpb-backend']);
    const { stdout } = await run('discover', 'vpb-backend');
    assert.match(stdout, /vpb-backend +backend +active +https:\/\/vpb-backend\.vcc\.local:45678 .*[0-9a-f]{16}/);
  });

  await t.test('retire asks first, and tells what is left', async () => {
    assert.equal((await run('service', 'retire', 'vpb-backend')).code, 2, 'there is no terminal to ask on');
    const dry = await json<ServiceResource & { dry_run: boolean }>('service', 'retire', 'vpb-backend', '--dry-run');
    assert.deepEqual([dry.json.dry_run, dry.json.status], [true, 'active']);
    const retired = await run('service', 'retire', 'vpb-backend', '--yes');
    assert.equal(retired.code, 0);
    assert.match(retired.stderr, /vcc-pki revoke vpb-backend/);
    const { stdout } = await run('service', 'show', 'vpb-backend', '--history');
    assert.match(stdout, /active +retired +retired by admin-cli/);
  });

  await t.test('refusals have the exit codes of all commands', async () => {
    const codes = await Promise.all(
      [
        ['service', 'show', 'nobody'],
        ['discover', 'nobody'],
        ['service', 'update', 'covina-backend'],
        ['service', 'register', 'Not_A_Label'],
        ['service', 'register', 'covina-backend', '--endpoint', 'http://insecure.vcc.local'],
      ].map(async (args) => (await run(...args)).code),
    );
    assert.deepEqual(codes, [3, 3, 2, 2, 1]);
  });
});
