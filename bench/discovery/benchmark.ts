import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeBenchPki } from '../support/bench-pki.ts';
import type { Benchmark } from '../support/benchmark.ts';
import { startServerProcess } from '../support/server-process.ts';
import { rounded } from '../support/statistics.ts';
import { measureAnswers } from './answers.ts';
import { measureFeeds } from './feeds.ts';
import { registerTemplate, seedServices } from './seed-services.ts';

const services = 10_000;
/** Of each type. */
const perType = 20;
const feeds = 1_000;
/** The limits of the specification: p99 at the server, and until the last feed has heard of a change. */
const answerLimitMs = 2;
const feedLimitMs = 1_000;

const serverFile = new URL('server.ts', import.meta.url);

export const benchmark: Benchmark = {
  summary: 'discovery among 10,000 services by id and type against 2 ms; a change at 1,000 open feeds against 1 s',
  run: async (progress) => {
    const directory = await mkdtemp(join(tmpdir(), 'vcc-pki-bench-'));
    try {
      const pki = await makeBenchPki(join(directory, 'pki'));
      const first = await startServerProcess(serverFile, pki);
      await registerTemplate(pki, first.apiUrl);
      await first.stop();
      seedServices(pki, { services, perType });
      progress(`${services} services are registered, ${perType} of each type`);
      const server = await startServerProcess(serverFile, pki);
      try {
        const answers = await measureAnswers(pki, server.apiUrl, { services, types: services / perType, progress });
        const feed = await measureFeeds(pki, server.apiUrl, { feeds, progress });
        return {
          services,
          by_id_p99_ms: rounded(answers.byId.p99),
          by_id_p99_of_limit: rounded(answers.byId.p99 / answerLimitMs),
          by_id_median_ms: rounded(answers.byId.median),
          by_type_p99_ms: rounded(answers.byType.p99),
          by_type_p99_of_limit: rounded(answers.byType.p99 / answerLimitMs),
          by_type_median_ms: rounded(answers.byType.median),
          not_modified_p99_ms: rounded(answers.notModified.p99),
          feeds,
          feed_last_ms: rounded(feed.lastMs),
          feed_last_of_limit: rounded(feed.lastMs / feedLimitMs),
          feed_median_ms: rounded(feed.medianMs),
          feed_lost: feed.lost,
        };
      } finally {
        await server.stop();
      }
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  },
};
