import { type Metric, metricText, type Sample } from '@vcc-pki/client';
import { sharedSecretMemory } from '../keys/secret-memory.ts';
import type { ProviderState } from './provider-state.ts';

/** The metrics of a provider in the text format of Prometheus, version 0.0.4. */
export function metricsText(state: ProviderState, joins: number): string {
  return [...counters(state, joins), ...gauges(state)].map(metricText).join('') + deliveryText(state);
}

function counters({ metrics, negative, cache }: ProviderState, joins: number): Metric[] {
  const counter = (name: string, help: string, value: number): Metric => ({
    ...{ name, help, type: 'counter' },
    samples: [[{}, value]],
  });
  return [
    counter('vcc_kek_cache_hits_total', 'Uses of a KEK that was in memory', metrics.hits),
    counter('vcc_kek_cache_misses_total', 'KEKs that had to be fetched', metrics.misses),
    counter(
      'vcc_kek_stale_uses_total',
      'Uses beyond the hard TTL or the CRL, by the grace of offline mode',
      metrics.staleUses,
    ),
    counter('vcc_kek_single_flight_joins_total', 'Callers who joined a fetch under way', joins),
    counter('vcc_kek_negative_hits_total', 'Questions for what was known not to exist', negative.hits),
    counter('vcc_kek_evictions_total', 'Versions that left memory for want of room', cache.evictions),
    counter('vcc_kek_delivery_failures_total', 'Fetches of a KEK that failed', metrics.deliveryFailures),
    counter('vcc_kek_pulls_total', 'Looks at the server', metrics.pulls),
    counter('vcc_kek_pull_failures_total', 'Looks at the server that failed', metrics.pullFailures),
    counter('vcc_kek_revocations_total', 'KEKs that were revoked', metrics.revocations),
    counter('vcc_kek_clock_jumps_total', 'Jumps of the wall clock', metrics.clockJumps),
    {
      ...{ name: 'vcc_kek_refusals_total', type: 'counter', help: 'Uses that were refused, by code' },
      samples: [...metrics.refusals].map(([code, value]) => [{ code }, value]),
    },
  ];
}

function gauges(state: ProviderState): Metric[] {
  const { cache, clock, crls, breaker, book } = state;
  const gauge = (name: string, help: string, samples: readonly Sample[]): Metric => ({
    name,
    help,
    type: 'gauge',
    samples,
  });
  const { thisUpdate, nextUpdate } = crls;
  return [
    gauge(
      'vcc_kek_age_seconds',
      'Time since the server last confirmed a KEK in memory',
      [...cache.entries()].map(({ description: { lineName, version, state: kekState }, confirmedAt }) => [
        { line: lineName, version, state: kekState },
        clock.age(confirmedAt) / 1000,
      ]),
    ),
    gauge(
      'vcc_kek_not_after_write_timestamp_seconds',
      'When writing under the primary KEK ends',
      book.lineNames.flatMap((line): Sample[] => {
        const primary = book.primary(line);
        return primary === undefined ? [] : [[{ line, version: primary.version }, primary.notAfterWriteMs / 1000]];
      }),
    ),
    gauge('vcc_kek_versions_in_memory', 'Versions in memory', [[{}, cache.size]]),
    gauge('vcc_kek_memory_locked_bytes', 'Memory of this process that is kept out of swap', lockedBytes()),
    gauge('vcc_kek_crl_age_seconds', 'Age of the CRL of KEK certificates', crlAge(clock.now(), thisUpdate)),
    gauge(
      'vcc_kek_crl_next_update_timestamp_seconds',
      'When the CRL of KEK certificates ends',
      nextUpdate === undefined ? [] : [[{}, nextUpdate / 1000]],
    ),
    gauge('vcc_kek_server_failures_in_a_row', 'Failures since the server was last reached', [[{}, breaker.failures]]),
  ];
}

function lockedBytes(): Sample[] {
  const bytes = sharedSecretMemory().lockedBytes();
  return bytes === undefined ? [] : [[{}, bytes]];
}

function crlAge(nowMs: number, thisUpdate: number | undefined): Sample[] {
  return thisUpdate === undefined ? [] : [[{}, (nowMs - thisUpdate) / 1000]];
}

function deliveryText({ metrics }: ProviderState): string {
  const name = 'vcc_kek_delivery_seconds';
  const { sum, count, buckets } = metrics.deliverySeconds;
  const lines = [
    ...buckets.map(([bound, value]) => `${name}_bucket{le="${bound}"} ${value}`),
    `${name}_bucket{le="+Inf"} ${count}`,
  ];
  return `# HELP ${name} Time from the request for a KEK to its use\n# TYPE ${name} histogram\n${lines.join('\n')}\n${name}_sum ${sum}\n${name}_count ${count}\n`;
}
