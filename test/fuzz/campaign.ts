import fc from 'fast-check';
import { type Mutation, mutate, mutations } from '../../packages/x509/test/support/mutations.ts';
import { skipWithoutVectors } from '../../packages/x509/test/support/vectors.ts';
import { attack } from './attack.ts';
import { heapOctets } from './heap.ts';
import { ownSeeds, sealedSeeds } from './own-seeds.ts';
import type { Seed } from './seed.ts';
import { corpusSeeds, pkitsSeeds } from './vector-seeds.ts';

export interface CampaignOptions {
  readonly runs: number;
  /** Decides what is damaged, and how; the keys of what is made here are new each time all the same. */
  readonly seed: number;
  /** Of a run that failed, as its message gives it: only that one is run again. */
  readonly path?: string | undefined;
  /** Told after each run. */
  readonly onRun?: (runs: number) => void;
}

export interface CampaignReport {
  readonly seeds: number;
  readonly runs: number;
  /** Of the slowest input, the longest that one reader took. */
  readonly slowestMs: number;
  readonly slowestSeed: string;
  /** From a tenth of the runs, when all code is warm, to their end. */
  readonly heapGrowthOctets: number;
}

/**
 * Damages seeds and attacks everything with what comes out.
 *
 * @throws Error as {@link attack}, with the seed and path by which fast-check finds the same run again.
 */
export async function runCampaign({ runs, seed, path, onRun }: CampaignOptions): Promise<CampaignReport> {
  const families = seedFamilies();
  let [done, heapBefore, slowestMs, slowestSeed] = [0, 0, 0, ''];
  const seedOf = fc
    .noBias(fc.tuple(fc.nat(families.length - 1), fc.nat(0xffff_ffff)))
    .map(([family, index]) => families[family]?.[index % (families[family]?.length ?? 1)] as Seed);
  const property = fc.asyncProperty(seedOf.map(named), mutations, async (target, changes) => {
    const tookMs = await attackWith(target, changes);
    if (tookMs > slowestMs) [slowestMs, slowestSeed] = [tookMs, target.name];
    done += 1;
    if (done === Math.ceil(runs / 10)) heapBefore = heapOctets();
    onRun?.(done);
  });
  await fc.assert(property, { seed, numRuns: runs, ...(path !== undefined && { path }) });
  const heapGrowthOctets = heapOctets() - heapBefore;
  return { seeds: families.flat().length, runs: done, slowestMs, slowestSeed, heapGrowthOctets };
}

/** Each is as likely as any other, however many seeds it has. */
function seedFamilies(): readonly (readonly Seed[])[] {
  const own = [ownSeeds(), sealedSeeds()];
  return skipWithoutVectors ? own : [...own, corpusSeeds(), pkitsSeeds()];
}

/** Octets would fill pages in fast-check's message; the name finds them. */
function named(seed: Seed): Seed & fc.WithToStringMethod {
  return Object.assign(seed, { [fc.toStringMethod]: () => seed.name });
}

function attackWith({ octets, seal, request }: Seed, changes: readonly Mutation[]): Promise<number> {
  const damaged = mutate(octets, changes);
  const der = seal === undefined ? damaged : seal(damaged);
  return attack(der, request?.(der));
}
