import type { EventData, ExpiryStage, PkiEvent } from '@vcc-pki/api';
import type { DueRotation, RotationEntry, RotationStep } from '../store/index.ts';
import { type RenewableCertificate, type RenewalWindow, renewalWindow } from './renewal-window.ts';
import type { RotationRules } from './rotation-rules.ts';

const dayMs = 86_400_000;

/** How a certificate stands in the schedule at first. */
export function planRotation(
  certificate: RenewableCertificate,
  rules: RotationRules,
  {
    window = renewalWindow(certificate, rules),
    after = certificate.notBefore,
  }: { window?: RenewalWindow; after?: number } = {},
): RotationEntry {
  const reminder = reminderTimes(certificate, rules).find((time) => time > after);
  return { windowStart: window.start, windowEnd: window.end, dueAt: Math.min(window.end, reminder ?? window.end) };
}

/**
 * What is to be done about a row whose time has come: to remind of it on a day of `notification_days`, or to say that it
 * is overdue, again after each retry delay, and then to call it an alert. What was missed while no server ran is said
 * once.
 */
export function nextStep(row: DueRotation, rules: RotationRules, now: number): RotationStep {
  const idle = {
    certificateId: row.certificateId,
    expectedDueAt: row.dueAt,
    stage: row.stage,
    reminders: row.reminders,
  };
  if (now > row.notAfter) return { ...idle, dueAt: null };
  const reminders = reminderTimes(row, rules);
  const since = row.lastCheck ?? row.issuedAt ?? row.notBefore;
  const isReminder = reminders.some((time) => time > since && time <= now);
  const escalation = escalate(row, rules, now);
  const stage = escalation.stage ?? (isReminder && row.stage === 'quiet' ? 'reminder' : row.stage);
  const upcoming = [reminders.find((time) => time > now), escalation.nextAt].filter((time) => time !== undefined);
  const step = {
    ...idle,
    stage,
    reminders: escalation.reminders,
    dueAt: upcoming.length === 0 ? null : Math.min(...upcoming),
  };
  const isTold = stage !== 'quiet' && (isReminder || escalation.stage !== undefined);
  return isTold ? { ...step, event: expiringEvent(row, stage, now) } : step;
}

/** The times of `notification_days`, in order; of short-lived certificates only those in the last third of their life. */
function reminderTimes(
  { notBefore, notAfter }: Pick<RenewableCertificate, 'notBefore' | 'notAfter'>,
  { notificationDays }: RotationRules,
): number[] {
  return notificationDays
    .filter((days) => days * dayMs <= (notAfter - notBefore) / 3)
    .map((days) => notAfter - days * dayMs)
    .sort((a, b) => a - b);
}

interface Escalation {
  /** Given when something is to be said now. */
  readonly stage?: 'overdue' | 'alert';
  readonly reminders: number;
  /** When to look again; `undefined`: everything is said. */
  readonly nextAt?: number;
}

/** Services that do not renew by themselves are reminded only: nobody has promised to keep the window. */
function escalate(row: DueRotation, rules: RotationRules, now: number): Escalation {
  const { reminders, windowEnd } = row;
  if (row.autoRenew === 0 || row.stage === 'alert') return { reminders };
  const delay = Math.min(rules.retryDelayMs, (row.notAfter - windowEnd) / (rules.maxRetries + 2));
  if (windowEnd + reminders * delay > now) return { reminders, nextAt: Math.ceil(windowEnd + reminders * delay) };
  if (reminders > rules.maxRetries) return { stage: 'alert', reminders: reminders + 1 };
  const nextAt = Math.ceil(Math.max(windowEnd + (reminders + 1) * delay, now + delay));
  return { stage: 'overdue', reminders: reminders + 1, nextAt };
}

function expiringEvent(row: DueRotation, stage: ExpiryStage, now: number): PkiEvent {
  const data: EventData<'certificate.expiring'> = {
    certificate_id: row.certificateId,
    service_id: row.serviceId,
    common_name: row.commonName,
    serial_number: row.serialNumber,
    not_after: wholeSeconds(row.notAfter),
    days_left: Math.ceil((row.notAfter - now) / dayMs),
    stage,
    renewal_window: { start: wholeSeconds(row.windowStart), end: wholeSeconds(row.windowEnd) },
    auto_renew: row.autoRenew !== 0,
  };
  return { type: 'certificate.expiring', subject: row.certificateId, data, at: now };
}

function wholeSeconds(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
}
