import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DueRotation } from '../store/index.ts';
import { nextStep, planRotation } from './rotation-plan.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const rules = {
  renewBeforeMs: 30 * dayMs,
  checkIntervalMs: 6 * hourMs,
  notificationDays: [30, 7, 1],
  maxRetries: 3,
  retryDelayMs: hourMs,
};
const notBefore = Date.UTC(2026, 0, 15);

function rowOf(lifeMs: number, changes: Partial<DueRotation> = {}): DueRotation {
  const certificate = { certificateId: 'cert_a', notBefore, notAfter: notBefore + lifeMs };
  const { windowStart, windowEnd, dueAt } = planRotation(certificate, rules);
  return {
    ...certificate,
    ...{ serviceId: 'a', commonName: 'a', serialNumber: '5a', issuedAt: notBefore, lastCheck: null },
    ...{ windowStart, windowEnd, dueAt: dueAt ?? 0, status: 'pending', stage: 'quiet', reminders: 0, autoRenew: 1 },
    ...changes,
  };
}

/** Lets the scheduler run on time until it has nothing more to do. */
function story(row: DueRotation): { at: number; stage: string }[] {
  const told: { at: number; stage: string }[] = [];
  for (let now = row.dueAt; ; ) {
    const { dueAt, stage, reminders, event } = nextStep(row, rules, now);
    if (event !== undefined) told.push({ at: now, stage });
    if (dueAt === null) return told;
    assert.ok(dueAt > now, 'time goes on');
    row = { ...row, dueAt, stage, reminders, lastCheck: now };
    now = dueAt;
  }
}

const stages = (told: readonly { readonly stage: string }[]) => told.map(({ stage }) => stage);

test('a certificate that nobody renews: a reminder, overdue with every retry, an alert, and the later reminders', () => {
  const row = rowOf(365 * dayMs);
  const told = story(row);
  assert.deepEqual(stages(told), ['reminder', 'overdue', 'overdue', 'overdue', 'overdue', 'alert', 'alert', 'alert']);
  const { windowEnd, notAfter } = row;
  assert.deepEqual(
    told.map(({ at }) => at),
    [
      notAfter - 30 * dayMs,
      ...[0, 1, 2, 3, 4].map((hours) => windowEnd + hours * hourMs),
      notAfter - 7 * dayMs,
      notAfter - dayMs,
    ],
  );
});

test('of a short-lived certificate the whole escalation fits into its life', () => {
  const row = rowOf(hourMs);
  const told = story(row);
  assert.deepEqual(stages(told), ['overdue', 'overdue', 'overdue', 'overdue', 'alert']);
  assert.ok((told.at(-1)?.at ?? 0) < row.notAfter);
});

test('a service that does not renew by itself is reminded and no more', () => {
  assert.deepEqual(stages(story(rowOf(365 * dayMs, { autoRenew: 0 }))), ['reminder', 'reminder', 'reminder']);
});

test('what a server that was away has missed is told once, and the retries still have time between them', () => {
  const row = rowOf(365 * dayMs);
  const now = row.notAfter - 2 * dayMs;
  const step = nextStep(row, rules, now);
  assert.equal(step.stage, 'overdue');
  assert.equal(step.dueAt, now + hourMs);
  const { event } = step;
  assert.ok(event?.type === 'certificate.expiring');
  assert.deepEqual([event.data.days_left, event.data.stage, event.data.auto_renew], [2, 'overdue', true]);
});

test('after its end nothing is said of a certificate but that it has expired', () => {
  const row = rowOf(365 * dayMs);
  const step = nextStep(row, rules, row.notAfter + 1);
  assert.deepEqual([step.event, step.dueAt], [undefined, null]);
});

test('the first look is at the first reminder or at the end of the window, whichever comes first', () => {
  const year = rowOf(365 * dayMs);
  assert.equal(year.dueAt, year.notAfter - 30 * dayMs);
  const day = rowOf(dayMs);
  assert.equal(day.dueAt, day.windowEnd);
});
