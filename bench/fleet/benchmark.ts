import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeBenchPki } from '../support/bench-pki.ts';
import type { Benchmark } from '../support/benchmark.ts';
import { startServerProcess } from '../support/server-process.ts';
import { enrolFleet } from './newcomers.ts';
import { simulateRenewals } from './renewal-cycle.ts';
import { measureRefusals } from './revoke-to-refusal.ts';

export const benchmark: Benchmark = {
  summary: '10,000 services that enrolled in a minute and come back, 1,000 of them for real, revoke to refusal at 200',
  run: async (progress) => {
    const simulated = simulateRenewals();
    progress(`peak of the next renewal cycle: ${simulated['peak_to_mean']} times its mean`);
    const directory = await mkdtemp(join(tmpdir(), 'vcc-pki-bench-'));
    try {
      const pki = await makeBenchPki(join(directory, 'pki'));
      const server = await startServerProcess(new URL('./server.ts', import.meta.url), pki);
      try {
        const { report, members } = await enrolFleet({ pki, apiUrl: server.apiUrl }, progress);
        const refusals = await measureRefusals({ pki, apiUrl: server.apiUrl, members }, progress);
        return { ...simulated, ...report, ...refusals };
      } finally {
        await server.stop();
      }
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  },
};
