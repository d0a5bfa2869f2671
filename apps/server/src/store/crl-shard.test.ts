import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crlShardOf } from './crl-shard.ts';

test('a shard is the last four octets of the serial number modulo the number of shards', () => {
  assert.equal(crlShardOf('4afe0c53d7a1b26f8890d7c1e2f3045566aa', 16), 0x045566aa % 16);
  assert.equal(crlShardOf('4afe0c53d7a1b26f8890d7c1e2f3ffffffff', 1000), 0xffffffff % 1000);
  assert.equal(crlShardOf('07', 16), 7);
  assert.equal(crlShardOf('4afe0c53d7a1b26f8890d7c1e2f3045566aa', 1), 0);
});
