import type { Clock } from '@vcc-pki/server';

/** A clock that stands still until a test moves it. */
export interface ManualClock extends Clock {
  advance(ms: number): void;
}

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

/** @param startMs milliseconds since the epoch; the present when absent. */
export function manualClock(startMs: number = Date.now()): ManualClock {
  let time = startMs;
  return {
    now: () => time,
    advance: (ms) => {
      time += ms;
    },
  };
}
