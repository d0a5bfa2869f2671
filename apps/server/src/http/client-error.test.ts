import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { answerClientError } from './client-error.ts';

test('a request that does not come to its end in time is answered 408', async (t) => {
  const server = createServer({ requestTimeout: 200, connectionsCheckingInterval: 50 });
  server.on('clientError', answerClientError);
  server.listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const slow = request({ port, method: 'POST', headers: { 'content-length': '10' } });
  slow.write('{');
  const [response] = await once(slow, 'response');
  assert.equal(response.statusCode, 408);
  assert.equal(response.headers['content-type'], 'application/problem+json');
  const problem = JSON.parse(Buffer.concat(await response.toArray()).toString()) as Record<string, unknown>;
  assert.deepEqual([problem['code'], problem['status']], ['requestTimeout', 408]);
});
