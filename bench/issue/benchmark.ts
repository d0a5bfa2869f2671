import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeBenchPki } from '../support/bench-pki.ts';
import type { Benchmark, Report } from '../support/benchmark.ts';
import { startServerProcess } from '../support/server-process.ts';
import { makeCallers, withNewKeys } from './callers.ts';
import { compareSizes } from './ledger-sizes.ts';
import { measureOperations } from './operations.ts';
import { compareThroughput } from './throughput.ts';

export const benchmark: Benchmark = {
  summary: 'issuing against only verifying and signing, latencies at 100 clients, a ledger of 1,000,000 certificates',
  run: async (progress) => {
    const directory = await mkdtemp(join(tmpdir(), 'vcc-pki-bench-'));
    try {
      const pki = await makeBenchPki(join(directory, 'pki'));
      const underLoad = await measureUnderLoad();
      return { ...underLoad, ...(await compareSizes(directory, progress)) };

      async function measureUnderLoad(): Promise<Report> {
        const server = await startServerProcess(serverFile, pki);
        try {
          progress('certificates for the clients');
          const callers = await makeCallers({ pki, apiUrl: server.apiUrl, count: 100 });
          const throughput = await compareThroughput(callers.slice(0, 50), progress);
          const operations = await measureOperations(await withNewKeys(callers), progress);
          await Promise.all(callers.map(({ connection }) => connection.close()));
          return { ...throughput, ...operations };
        } finally {
          await server.stop();
        }
      }
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  },
};

const serverFile = new URL('./server.ts', import.meta.url);
