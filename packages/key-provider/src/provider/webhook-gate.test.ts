import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { WebhookGate } from './webhook-gate.ts';

// The example of the Standard Webhooks specification, "Signature scheme".
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const body = Buffer.from('{"test": 2432232314}');
const published = {
  'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  'webhook-timestamp': '1614265330',
  'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
};
const atMs = 1_614_265_330_000;

test('admits the published example, once', () => {
  const gate = new WebhookGate(() => atMs);
  assert.equal(gate.admits(published, body, secret), true);
  assert.equal(gate.admits(published, body, secret), false);
});

test('one of several signatures is enough, for a secret that is being changed', () => {
  const both = { ...published, 'webhook-signature': `v1,AAAA ${published['webhook-signature']}` };
  assert.equal(new WebhookGate(() => atMs).admits(both, body, secret), true);
});

test('refuses what was changed, is too old or too new, or is not whole', () => {
  const admits = (headers: object, octets = body, nowMs = atMs): boolean =>
    new WebhookGate(() => nowMs).admits({ ...published, ...headers }, octets, secret);
  assert.equal(admits({}, Buffer.from('{"test": 2432232315}')), false);
  assert.equal(admits({ 'webhook-id': 'msg_other' }), false);
  assert.equal(admits({ 'webhook-timestamp': '1614265331' }), false);
  assert.equal(admits({ 'webhook-signature': published['webhook-signature'].replace('v1', 'v2') }), false);
  assert.equal(admits({ 'webhook-signature': undefined }), false);
  assert.equal(admits({}, body, atMs + 300_000), true);
  assert.equal(admits({}, body, atMs + 300_001), false);
  assert.equal(admits({}, body, atMs - 300_001), false);
});

test('remembers a bounded number of messages, and each for as long as it could be repeated', () => {
  let nowMs = atMs;
  const gate = new WebhookGate(() => nowMs);
  const key = Buffer.from(secret.slice(6), 'base64');
  const send = (id: string, timestamp = Math.floor(nowMs / 1000)): boolean => {
    const signature = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64');
    const headers = { 'webhook-id': id, 'webhook-timestamp': `${timestamp}`, 'webhook-signature': `v1,${signature}` };
    return gate.admits(headers, body, secret);
  };
  assert.equal(send('a', nowMs / 1000 + 300), true);
  nowMs += 600_000;
  assert.equal(send('a', nowMs / 1000 - 300), false);
});
