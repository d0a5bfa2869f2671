import type { Benchmark } from '../support/benchmark.ts';
import { compareCiphers } from './compare-ciphers.ts';

export const benchmark: Benchmark = {
  summary: 'records of fields: batches and single ones, against openssl speed, bare node:crypto, AWS, cloak, libsodium',
  run: compareCiphers,
};
