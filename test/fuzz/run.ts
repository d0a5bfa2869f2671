/**
 * `npm run fuzz`: 100,000 damaged certificates, CSRs, CRLs and OCSP messages against everything that reads any.
 * `--runs N` for another number, `--seed S` to repeat what an earlier run did, with `--path P` only its failure.
 *
 * @module
 */
import { parseArgs } from 'node:util';
import { skipWithoutVectors } from '../../packages/x509/test/support/vectors.ts';
import { runCampaign } from './campaign.ts';
import { maxHeapGrowthOctets } from './heap.ts';

const { values } = parseArgs({
  options: { runs: { type: 'string' }, seed: { type: 'string' }, path: { type: 'string' } },
});
const runs = Number(values.runs ?? 100_000);
const seed = Number(values.seed ?? Date.now() % 0x7fff_ffff);

if (skipWithoutVectors) console.log(`fuzz: ${skipWithoutVectors}; only what is made here is damaged`);
console.log(`fuzz: ${runs} runs, --seed ${seed}`);
const startedAt = performance.now();
const report = await runCampaign({ runs, seed, path: values.path, onRun: tell });
console.log(`fuzz: ${JSON.stringify(report)}`);
if (report.heapGrowthOctets > maxHeapGrowthOctets) {
  console.log(`fuzz: the heap grew by more than ${maxHeapGrowthOctets} octets`);
  process.exitCode = 1;
}

function tell(done: number): void {
  if (done % Math.max(1, Math.floor(runs / 20)) !== 0) return;
  console.log(`fuzz: ${done} of ${runs} after ${Math.round((performance.now() - startedAt) / 1000)} s`);
}
