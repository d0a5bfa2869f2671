import { newCertificateId } from '../../apps/server/src/issuance/certificate-id.ts';
import { renewalInfo } from '../../apps/server/src/rotation/renewal-info.ts';
import { leadMs, type RenewalRules } from '../../apps/server/src/rotation/renewal-window.ts';
import { renewalMoment } from '../../packages/client/src/keeper/renewal-moment.ts';
import type { Report } from '../support/benchmark.ts';
import { rounded } from '../support/statistics.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

const services = 10_000;
const validityMs = 365 * dayMs;
const rules: RenewalRules = { renewBeforeMs: 30 * dayMs, checkIntervalMs: 6 * hourMs };

interface Held {
  readonly certificateId: string;
  readonly notBefore: number;
  readonly notAfter: number;
}

/**
 * Ten thousand services enrol within a minute and renew when the server's code proposes and the client's code decides;
 * the clock is a number. A cycle is the time over which the rules spread its renewals, and is cut into days: with some
 * 500 renewals in each, a peak of 1.2 would be chance once in a thousand runs, and a wave is twenty times the mean.
 */
export function simulateRenewals(): Report {
  const enrolled = Date.UTC(2026, 10, 28, 12);
  let fleet = Array.from({ length: services }, (_, n) => obtain(n, enrolled + (n / services) * minuteMs));
  const cycles: number[][] = [];
  for (let cycle = 0; cycle < 2; cycle++) {
    const moments = fleet.map(momentOf);
    cycles.push(moments);
    fleet = moments.map((moment, n) => obtain(n, moment));
  }
  const [first = [], second = []] = cycles;
  const spreadMs = leadMs({ notBefore: 0, notAfter: validityMs }, rules) * (2 / 3);
  return {
    simulated_services: services,
    bin_hours: dayMs / hourMs,
    bins: spreadMs / dayMs,
    peak_to_mean: rounded(peakToMean(first, dayMs, spreadMs)),
    peak_to_mean_6h: rounded(peakToMean(first, 6 * hourMs, spreadMs)),
    second_peak_to_first_mean: rounded(peakToMean(second, dayMs, spreadMs)),
    renewals_per_minute_peak: mostWithin(first, minuteMs),
  };
}

function obtain(n: number, at: number): Held {
  return { certificateId: newCertificateId(`fleet-${n}`, at), notBefore: at, notAfter: at + validityMs };
}

/** The server proposes a window; the client takes a moment of it (RFC 9773 s4.2). */
function momentOf(held: Held): number {
  const { window } = renewalInfo({ ...held, revokedAt: null }, { rules, danger: undefined });
  return renewalMoment({
    ...held,
    window: { start: new Date(window.start).toISOString(), end: new Date(window.end).toISOString() },
    fingerprintSha256: held.certificateId,
    renewBeforeDays: undefined,
    random: Math.random,
  });
}

/** Bins are counted from the first renewal on; the mean is that of a cycle that is spread evenly. */
function peakToMean(moments: readonly number[], binMs: number, spreadMs: number): number {
  const start = moments.reduce((least, moment) => Math.min(least, moment), Number.POSITIVE_INFINITY);
  const counts = new Map<number, number>();
  for (const moment of moments) {
    const bin = Math.floor((moment - start) / binMs);
    counts.set(bin, (counts.get(bin) ?? 0) + 1);
  }
  return Math.max(...counts.values()) / (moments.length / (spreadMs / binMs));
}

function mostWithin(moments: readonly number[], ms: number): number {
  const sorted = Float64Array.from(moments).sort();
  let most = 0;
  for (let from = 0, to = 0; to < sorted.length; to++) {
    while ((sorted[to] as number) - (sorted[from] as number) > ms) from++;
    most = Math.max(most, to - from + 1);
  }
  return most;
}
