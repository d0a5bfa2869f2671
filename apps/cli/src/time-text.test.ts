import assert from 'node:assert/strict';
import { test } from 'node:test';
import { distanceText, timeText } from './time-text.ts';

const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];

test('a distance is told in the largest unit of which there are two', () => {
  const cases: readonly [number, string][] = [
    [365 * day, 'in 365 days'],
    [2 * day, 'in 2 days'],
    [365 * day - 2000, 'in 365 days'],
    [2 * day - hour, 'in 47 hours'],
    [2 * hour - minute, 'in 119 minutes'],
    [minute, 'in 1 minute'],
    [minute / 2 - 1, 'now'],
    [0, 'now'],
    [-3 * day, '3 days ago'],
    [-minute, '1 minute ago'],
  ];
  for (const [ms, text] of cases) assert.equal(distanceText(ms), text);
});

test('a time keeps its wire form', () => {
  const now = Date.parse('2025-11-21T00:00:00Z');
  assert.equal(timeText('2025-11-24T00:00:00Z', now), '2025-11-24T00:00:00Z (in 3 days)');
});
