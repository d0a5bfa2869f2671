import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leanNodeOptions } from './lean-options.ts';

const built = { nodeOptions: [], isBuilt: true };

test('an agent that is to run gets them once', () => {
  for (const args of [['agent'], ['agent', 'run'], ['agent', '--config', 'a.yaml']]) {
    const options = leanNodeOptions(args, built);
    assert.deepEqual(options, ['--max-semi-space-size=1', '--jitless']);
    assert.equal(leanNodeOptions(args, { nodeOptions: options, isBuilt: true }), undefined);
  }
});

test('sources keep what reads them, and their other options', () => {
  const options = leanNodeOptions(['agent'], { nodeOptions: ['--conditions=x'], isBuilt: false });
  assert.deepEqual(options, ['--conditions=x', '--max-semi-space-size=1']);
});

test('other commands stay as they are', () => {
  for (const args of [['list'], ['agent', 'status'], ['agent', 'renew', 'web'], ['agent', '--help'], []]) {
    assert.equal(leanNodeOptions(args, built), undefined, args.join(' '));
  }
});
