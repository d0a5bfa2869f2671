import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeBenchPki } from '../support/bench-pki.ts';
import type { Benchmark } from '../support/benchmark.ts';
import { measureCrls } from './crls.ts';
import { measureOcsp } from './ocsp.ts';

export const benchmark: Benchmark = {
  summary:
    'CRLs of a million revoked certificates; OCSP answers against only signing, kept ones against a fixed buffer',
  run: async (progress) => {
    const directory = await mkdtemp(join(tmpdir(), 'vcc-pki-bench-'));
    try {
      const crls = await measureCrls(directory, progress);
      return { ...crls, ...(await measureOcsp(await makeBenchPki(join(directory, 'pki')), progress)) };
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  },
};
