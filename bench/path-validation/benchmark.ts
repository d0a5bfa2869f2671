import type { Benchmark } from '../support/benchmark.ts';
import { compareJudges } from './compare-judges.ts';

export const benchmark: Benchmark = {
  summary: 'a path of three certificates with CRLs: against pkijs, and against OpenSSL in a TLS handshake',
  run: compareJudges,
};
