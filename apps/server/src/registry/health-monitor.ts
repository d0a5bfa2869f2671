import type { Clock } from '../clock.ts';
import { type HealthFinding, type HealthTarget, healthTargets, type Store } from '../store/index.ts';
import type { Probe } from './health-probe.ts';
import { afterCheck, type HealthState, type HealthThresholds } from './health-state.ts';
import type { RegistryMetrics } from './registry-metrics.ts';

export interface HealthMonitorOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly probe: Probe;
  readonly metrics: RegistryMetrics;
  /** Unique among all servers, and new with each start. */
  readonly owner: string;
  /** Between two checks of a service, within a tenth. */
  readonly intervalMs: number;
  readonly thresholds: HealthThresholds;
  /** Checks at a time. */
  readonly concurrency: number;
  readonly onFailure: (error: unknown) => void;
  /** A number from 0 up to 1; `Math.random` when absent. */
  readonly random?: () => number;
}

/** One server of a cluster holds it, and checks. */
const leaseName = 'health-monitor';

/** How often it is looked who is due. */
const tickMs = 1_000;

/** Targets read at a time. */
const pageSize = 500;

/** A service under watch. */
interface Watched extends HealthState {
  readonly serviceId: string;
  readonly url: string;
  readonly dueAt: number;
}

/**
 * Checks the health of all services that have a health_check_url, each at a time of its own so that they are spread over
 * the interval, and a bounded number at once. In a cluster the server with the lease does it; when it dies, another goes
 * on after three intervals at the latest. Only changes of state are written.
 */
export class HealthMonitor {
  readonly #options: HealthMonitorOptions;
  readonly #watched = new Map<string, Watched>();
  readonly #running = new Map<string, Promise<void>>();
  /** Not written yet, by service. */
  readonly #findings = new Map<string, HealthFinding>();
  #targetsReadAt = Number.NEGATIVE_INFINITY;
  #leasedUntil = Number.NEGATIVE_INFINITY;
  #ticking: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isFailing = false;

  constructor(options: HealthMonitorOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => void this.tick(), Math.min(tickMs, this.#options.intervalMs));
    this.#timer.unref();
  }

  /** Starts the checks that are due now and writes what has changed; never rejects. A failure is told once. */
  tick(): Promise<void> {
    this.#ticking ??= this.#tick().finally(() => {
      this.#ticking = undefined;
    });
    return this.#ticking;
  }

  /** Waits for the checks that are under way, writes what they found, and lets another server take over. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#ticking;
    await this.settled();
    const { store, owner } = this.#options;
    try {
      await this.#writeFindings();
      await store.ledger.submit('releaseLease', { name: leaseName, owner });
    } catch (error) {
      this.#options.onFailure(error);
    }
  }

  /** Settles when no check is under way. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running.values());
  }

  async #tick(): Promise<void> {
    try {
      if (!(await this.#holdLease())) return;
      await this.#writeFindings();
      await this.#readTargets();
      this.#startDue();
      this.#isFailing = false;
    } catch (error) {
      if (!this.#isFailing) this.#options.onFailure(error);
      this.#isFailing = true;
    }
  }

  /** Renewed when a third of it is over, so that it is asked for once an interval. */
  async #holdLease(): Promise<boolean> {
    const { store, clock, owner, intervalMs, metrics } = this.#options;
    const now = clock.now();
    const leaseMs = 3 * intervalMs;
    if (now < this.#leasedUntil - 2 * intervalMs) return true;
    const lease = await store.ledger.submit('takeLease', { name: leaseName, owner, now, leaseMs });
    metrics.isChecking.set(lease.taken ? 1 : 0);
    if (lease.taken) {
      this.#leasedUntil = lease.leasedUntil;
      return true;
    }
    // What was counted belongs to a time in which another server has counted too.
    this.#watched.clear();
    this.#targetsReadAt = Number.NEGATIVE_INFINITY;
    this.#leasedUntil = Number.NEGATIVE_INFINITY;
    return false;
  }

  async #readTargets(): Promise<void> {
    const { store, clock, intervalMs } = this.#options;
    const now = clock.now();
    if (now - this.#targetsReadAt < intervalMs) return;
    const seen = new Set<string>();
    for (let after = ''; ; ) {
      const page = await healthTargets(store.read, { after, limit: pageSize });
      for (const target of page) {
        seen.add(target.serviceId);
        this.#watch(target, now);
      }
      after = page.at(-1)?.serviceId ?? after;
      if (page.length < pageSize) break;
    }
    for (const serviceId of this.#watched.keys()) if (!seen.has(serviceId)) this.#watched.delete(serviceId);
    this.#targetsReadAt = now;
  }

  #watch({ serviceId, status, healthCheckUrl }: HealthTarget, now: number): void {
    const known = this.#watched.get(serviceId);
    // What is not written yet is newer than what was read.
    const isKnown = known?.url === healthCheckUrl && (known.status === status || this.#findings.has(serviceId));
    if (healthCheckUrl === null || isKnown) return;
    const { random = Math.random, intervalMs } = this.#options;
    // New ones are spread over the first interval.
    const dueAt = known?.dueAt ?? now + random() * intervalMs;
    this.#watched.set(serviceId, { serviceId, url: healthCheckUrl, status, failures: 0, successes: 0, dueAt });
  }

  #startDue(): void {
    const { clock, concurrency } = this.#options;
    const now = clock.now();
    for (const watched of this.#watched.values()) {
      if (this.#running.size >= concurrency) return;
      if (watched.dueAt > now || this.#running.has(watched.serviceId)) continue;
      this.#run(watched);
    }
  }

  #run(watched: Watched): void {
    const { serviceId } = watched;
    const check = this.#check(watched).finally(() => {
      this.#running.delete(serviceId);
      // A place is free: whoever is due need not wait for the next look.
      if (this.#timer !== undefined) this.#startDue();
    });
    this.#running.set(serviceId, check);
  }

  async #check(before: Watched): Promise<void> {
    const { probe, clock, metrics, thresholds, intervalMs, random = Math.random } = this.#options;
    const { serviceId, url } = before;
    const start = performance.now();
    const { isGood, detail } = await probe(before);
    const durationMs = Math.round(performance.now() - start);
    metrics.checks.inc({ outcome: isGood ? 'good' : 'bad' });
    metrics.checkSeconds.observe(durationMs / 1000);
    const at = clock.now();
    const state = afterCheck(before, isGood, thresholds);
    // It may have been retired, or given another address, meanwhile.
    if (this.#watched.get(serviceId) !== before) return;
    this.#watched.set(serviceId, { serviceId, url, ...state, dueAt: at + intervalMs * (0.9 + random() * 0.2) });
    if (state.status === before.status) return;
    const from = this.#findings.get(serviceId)?.from ?? before.status;
    if (from === state.status) this.#findings.delete(serviceId);
    else this.#findings.set(serviceId, { serviceId, from, to: state.status, at, detail, durationMs });
  }

  /** What cannot be written now is written with the next look. */
  async #writeFindings(): Promise<void> {
    const findings = [...this.#findings.values()].slice(0, pageSize);
    if (findings.length === 0) return;
    await this.#options.store.ledger.submit('recordHealth', { findings });
    for (const finding of findings) {
      if (this.#findings.get(finding.serviceId) === finding) this.#findings.delete(finding.serviceId);
    }
  }
}
