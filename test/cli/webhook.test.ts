import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CreatedWebhookResource, DeliveryPage, WebhookResource } from '@vcc-pki/api';
import { startReceiver, until, verified } from '../e2e/webhooks/receiver.ts';
import { runningPki } from '../support/running-pki.ts';
import { runCommand, runJson } from './support/run-cli.ts';

test('the life of a webhook, from the command line', async (t) => {
  const pki = await runningPki(t);
  const environment = { directory: pki.directory };
  const run = (...args: string[]) => runCommand(['webhook', ...args], { environment });
  const json = <T>(...args: string[]) => runJson<T>(['webhook', ...args], { environment });
  const receiver = await startReceiver(t, await pki.issueFor('test-hooks', { body: { san_dns: ['localhost'] } }));

  const created = await json<CreatedWebhookResource>('create', receiver.url, '--event', 'certificate.issued');
  assert.equal(created.code, 0);
  const { webhook_id: id, secret } = created.json;
  const shown = await run('show', id);
  assert.equal(shown.code, 0, shown.stderr);
  assert.ok(!shown.stdout.includes('whsec_') && shown.stdout.includes(receiver.url));

  assert.equal((await run('test', id)).code, 0);
  await until(() => receiver.received.length === 1);
  assert.ok(receiver.received[0] !== undefined);
  const first = verified(receiver.received[0], secret);
  assert.equal(first.type, 'webhook.test');
  const delivered = async () => (await json<DeliveryPage>('deliveries', id, '--status', 'delivered')).json.items;
  await until(async () => (await delivered()).length === 1);

  const [delivery] = await delivered();
  const replayed = await json<{ replayed: number }>('replay', id, '--delivery', String(delivery?.delivery_id));
  assert.deepEqual([replayed.code, replayed.json], [0, { replayed: 1 }]);
  await until(() => receiver.received.length === 2);
  assert.equal(receiver.received[1]?.headers['webhook-id'], first.id, 'the same event has the same id');

  assert.match((await run('delete', id, '--dry-run')).stdout, /nothing was done/);
  assert.equal((await run('delete', id, '--yes')).code, 0);
  assert.deepEqual((await json<{ items: WebhookResource[] }>('list')).json.items, []);
  assert.equal((await run('test', id)).code, 3);
  assert.equal((await run('create', 'http://receiver.example/', '--event', 'certificate.issued')).code, 1);
});
