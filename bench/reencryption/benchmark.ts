import { rotateUnderLoad } from '../../test/keys/rotation-under-load.ts';
import { startPostgres } from '../../test/support/postgres-server.ts';
import type { Benchmark } from '../support/benchmark.ts';

export const benchmark: Benchmark = {
  summary: 'A million rows in PostgreSQL encrypted anew under 1,000 writes a second, with 20 kills of the job',
  run: async (progress) => {
    const postgres = await startPostgres();
    try {
      return {
        ...(await rotateUnderLoad({
          url: postgres.url,
          rows: Number(process.env['REENCRYPTION_ROWS'] ?? 1_000_000),
          ...{ writesPerSecond: 1_000, kills: 20, workMs: 2_500, rowsPerSecond: 20_000 },
          progress,
        })),
      };
    } finally {
      await postgres.stop();
    }
  },
};
