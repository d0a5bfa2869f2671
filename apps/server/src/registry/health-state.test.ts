import assert from 'node:assert/strict';
import { test } from 'node:test';
import { afterCheck, type HealthState } from './health-state.ts';

const thresholds = { degradedAfterFailures: 2, downAfterFailures: 4, activeAfterSuccesses: 2 };

/** The states behind each check: `+` is a good one, `-` a bad one. */
function walk(checks: string, status: HealthState['status'] = 'active'): string[] {
  let state: HealthState = { status, failures: 0, successes: 0 };
  return [...checks].map((check) => {
    state = afterCheck(state, check === '+', thresholds);
    return state.status;
  });
}

test('one bad check is no state, several are', () => {
  assert.deepEqual(walk('-+-+'), ['active', 'active', 'active', 'active']);
  assert.deepEqual(walk('-----'), ['active', 'degraded', 'degraded', 'down', 'down']);
});

test('the way back from down leads over degraded', () => {
  assert.deepEqual(walk('++', 'down'), ['degraded', 'active']);
  assert.deepEqual(walk('+-+', 'down'), ['degraded', 'degraded', 'degraded']);
  assert.deepEqual(walk('-+-', 'degraded'), ['degraded', 'degraded', 'degraded']);
  assert.deepEqual(walk('++', 'degraded'), ['degraded', 'active']);
});

test('what was down stays down while checks fail, whatever was counted before', () => {
  assert.deepEqual(walk('--', 'down'), ['down', 'down']);
});

test('what is retired stays retired', () => {
  assert.deepEqual(walk('+++---', 'retired'), Array(6).fill('retired'));
});
