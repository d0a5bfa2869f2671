import assert from 'node:assert/strict';
import { PKIKeyProvider, type ProviderSettings } from '@vcc-pki/key-provider';
import { allowService } from '../support/configure.ts';
import type { Lifetime } from '../support/lifetime.ts';
import { type RunningPki, runningPki } from '../support/running-pki.ts';

export const line = 'themis-main';

export interface FleetScene {
  readonly pki: RunningPki;
  /** A provider of the service, not started. */
  provider(settings?: ProviderSettings): PKIKeyProvider;
}

/** A PKI with a line that a service may use. */
export async function fleetScene(t: Lifetime): Promise<FleetScene> {
  const pki = await runningPki(t, { configure: allowService('themis', 'keks: { themis-main: [read, write] }') });
  const made = await pki.call('POST', '/api/v1/keks', { body: { line } });
  assert.equal(made.status, 201, made.text);
  const { cert, key } = await pki.issueFor('themis');
  const tls = { certificatePem: cert, keyPem: key, trustedPem: pki.rootPem };
  return { pki, provider: (settings) => PKIKeyProvider.at(pki.apiUrl, tls, settings) };
}

export interface FleetStart {
  readonly providers: number;
  /** Until the last one had its keys. */
  readonly all_up_ms: number;
  /** Processor time of providers and server together: they share this process. */
  readonly cpu_s: number;
  readonly deliveries: number;
}

/** Starts many providers at the same moment. */
export async function startFleet({ pki, provider }: FleetScene, count: number): Promise<FleetStart> {
  const fleet = Array.from({ length: count }, () => provider());
  const startMs = performance.now();
  const cpu = process.cpuUsage();
  await Promise.all(fleet.map((one) => one.bootstrap()));
  const allUpMs = performance.now() - startMs;
  const { user, system } = process.cpuUsage(cpu);
  for (const one of fleet) one.primary(line);
  await Promise.all(fleet.map((one) => one.close()));
  const audit = (await pki.call('GET', '/api/v1/audit?action=kek-open&limit=500')).json() as { items: unknown[] };
  const cpuSeconds = Math.round((user + system) / 1e5) / 10;
  return { providers: count, all_up_ms: Math.round(allUpMs), cpu_s: cpuSeconds, deliveries: audit.items.length };
}
