import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { rateLimitAt, retryAfterSeconds } from './gcra.ts';

const hourMs = 3_600_000;

/** What the ledger's one UPDATE does: take a unit, or say how long to wait. */
function take(tat: number, now: number, perHour: number): { tat: number } | { wait: number } {
  const limit = rateLimitAt(now, perHour);
  if (tat > limit.latestTat) return { wait: retryAfterSeconds(tat, limit) };
  return { tat: Math.max(tat, now) + limit.intervalMs };
}

test('property: the hourly number may come at once, and one more may not', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 1, max: 2 ** 41 }), (perHour, now) => {
      let tat = 0;
      for (let unit = 0; unit < perHour; unit += 1) {
        const taken = take(tat, now, perHour);
        assert.ok('tat' in taken);
        tat = taken.tat;
      }
      assert.ok('wait' in take(tat, now, perHour));
    }),
    { numRuns: 30 },
  );
});

test('property: who waits as long as told gets a unit, and never waits longer than an hour', () => {
  const rates = fc.integer({ min: 1, max: 10_000 });
  const pauses = fc.array(fc.integer({ min: 0, max: 60_000 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(rates, pauses, (perHour, steps) => {
      let now = 1_768_478_400_000;
      let tat = 0;
      for (const step of steps) {
        now += step;
        const taken = take(tat, now, perHour);
        if ('tat' in taken) {
          tat = taken.tat;
          continue;
        }
        assert.ok(taken.wait >= 1 && taken.wait <= hourMs / 1000 + 1);
        assert.ok('tat' in take(tat, now + taken.wait * 1000, perHour));
      }
    }),
  );
});

test('property: over any long time no more than the rate and one burst is taken', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 60 }), (perHour, everySeconds) => {
      let tat = 0;
      let count = 0;
      const hours = 3;
      for (let now = hourMs; now < (1 + hours) * hourMs; now += everySeconds * 1000) {
        const taken = take(tat, now, perHour);
        if ('wait' in taken) continue;
        tat = taken.tat;
        count += 1;
      }
      assert.ok(count <= perHour * (hours + 1), `${count} of ${perHour}/h in ${hours} h`);
    }),
  );
});
