import type { PKIClientStatus } from '../client-events.ts';
import { type Metric, metricText, type Sample } from './metric-text.ts';

/** The status of a client in the text format of Prometheus, version 0.0.4, as of `now` in milliseconds since the epoch. */
export function clientMetrics(status: PKIClientStatus, now: number): string {
  return [...revocationGauges(status, now), ...others(status)].map(metricText).join('');
}

/** Of each issuer whose news are held. The revision is one for all who follow it: who stays behind does not hear of revocations. */
function revocationGauges({ revocations }: PKIClientStatus, now: number): Metric[] {
  const gauge = (name: string, help: string, value: (news: (typeof revocations)[number]) => number): Metric => ({
    ...{ name: `vcc_pki_client_revocation_${name}`, type: 'gauge', help },
    samples: revocations.map((news) => [{ issuer: news.issuerId }, value(news)]),
  });
  return [
    gauge('revision', 'Revision of the revocation snapshot, deltas included', ({ revision }) => revision),
    gauge('age_seconds', 'Time since the revocation snapshot was made', ({ thisUpdate }) => (now - thisUpdate) / 1000),
    gauge(
      'next_update_timestamp_seconds',
      'Until when the revocation snapshot counts by itself',
      ({ nextUpdate }) => nextUpdate / 1000,
    ),
  ];
}

function others(status: PKIClientStatus): Metric[] {
  const { counters, notAfter, openConnections, peersRefused, connectionsCut, isFeedConnected } = status;
  const metric = (type: Metric['type'], name: string, help: string, value: number | undefined): Metric => ({
    ...{ name: `vcc_pki_client_${name}`, type, help },
    samples: value === undefined ? [] : ([[{}, value]] satisfies Sample[]),
  });
  const end = notAfter === undefined ? undefined : notAfter / 1000;
  return [
    metric('gauge', 'certificate_not_after_timestamp_seconds', 'End of the certificate in use', end),
    metric('counter', 'renewals_total', 'Renewals of the certificate', counters.renewals),
    metric('counter', 'renewal_failures_total', 'Renewals that failed', counters.failures),
    metric('gauge', 'renewal_failures_in_a_row', 'Renewals that failed since one went well', counters.failuresInARow),
    metric('gauge', 'change_feed_connected', 'Whether the change feed is open', isFeedConnected ? 1 : 0),
    metric('gauge', 'open_connections', 'Connections with verified peers', openConnections),
    metric('counter', 'peers_refused_total', 'Clients that were not let in', peersRefused),
    metric('counter', 'connections_cut_total', 'Connections ended because their peers were revoked', connectionsCut),
  ];
}
