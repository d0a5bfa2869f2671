import { metricText } from '@vcc-pki/client';
import type { JobProgress, JobState } from './job-options.ts';

const states: readonly JobState[] = ['waiting', 'running', 'paused', 'done', 'blocked', 'stopped', 'fenced', 'failed'];

/** The metrics of a job in the text format of Prometheus, to be appended to those of the provider. */
export function jobMetrics(job: { progress(): JobProgress }): string {
  const progress = job.progress();
  const { jobId: job_id, target } = progress;
  const labels = { job_id, version: target.version };
  const kinds = ['scanned', 'rewritten', 'missed', 'quarantined', 'unrecognized'] as const;
  return [
    metricText({
      ...{ name: 'vcc_reencryption_rows_total', type: 'counter', help: 'Rows of a job, by what became of them' },
      samples: kinds.map((kind) => [{ ...labels, kind }, progress[kind]]),
    }),
    metricText({
      ...{ name: 'vcc_reencryption_eta_seconds', type: 'gauge', help: 'Time left of the pass' },
      samples: progress.etaMs === undefined ? [] : [[labels, progress.etaMs / 1000]],
    }),
    metricText({
      ...{ name: 'vcc_reencryption_state', type: 'gauge', help: 'State of a job: 1 for the one that it is in' },
      samples: states.map((state) => [{ ...labels, state }, state === progress.state ? 1 : 0]),
    }),
    metricText({
      ...{ name: 'vcc_kek_records', type: 'gauge', help: 'Records seen in the pass under way, by version' },
      samples: [...progress.versions].map(([version, count]) => [{ job_id, version }, count]),
    }),
  ].join('');
}
