import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareJudges } from '../path-validation/compare-judges.ts';
import { makeBenchPki } from '../support/bench-pki.ts';
import type { Benchmark } from '../support/benchmark.ts';
import { measureCrls } from './crls.ts';
import { measureOcsp } from './ocsp.ts';

export const benchmark: Benchmark = {
  summary:
    'a path against pkijs and OpenSSL; CRLs of a million revoked certificates; OCSP answers against only signing, kept ones against a fixed buffer',
  run: async (progress) => {
    const directory = await mkdtemp(join(tmpdir(), 'vcc-pki-bench-'));
    try {
      // First, on a heap that nothing else has filled.
      const judges = await compareJudges(progress);
      const crls = await measureCrls(directory, progress);
      return { ...judges, ...crls, ...(await measureOcsp(await makeBenchPki(join(directory, 'pki')), progress)) };
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  },
};
