import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AcceleratorBuildError,
  buildAccelerator,
  type Engine,
  loadAccelerator,
  nodeEngine,
} from '@vcc-pki/key-provider';
import type { Progress, Report } from '../support/benchmark.ts';
import { rounded } from '../support/statistics.ts';
import { opensslSpeed } from './openssl-speed.ts';
import {
  decryptBatches,
  encryptBatches,
  encryptDocuments,
  encryption,
  encryptSingly,
  thousandFieldKeysMs,
} from './ours.ts';
import { awsCaching, bareGcm, cloak, sodiumNative } from './peers.ts';
import { type Contender, rates } from './rates.ts';

const sizes = [
  ['1k', 1024],
  ['64b', 64],
] as const;

/** Encrypts the same values by all, on one core, in one process, in turns: records a second and ratios. */
export async function compareCiphers(progress: Progress): Promise<Report> {
  const engine = await fastest(progress);
  const report: Record<string, number | string> = { engine: engine.name };
  for (const [name, bytes] of sizes) Object.assign(report, await compareAt(engine, name, bytes, progress));
  progress('documents of ten fields, and the keys of 1,000 fields');
  const { documents } = await rates({ documents: encryptDocuments(encryption(engine)) });
  return {
    ...report,
    thousand_field_keys_ms: rounded(thousandFieldKeysMs()),
    documents_per_s: rounded(documents),
    encryptions_per_s: rounded(documents * 10),
  };
}

async function compareAt(engine: Engine, name: string, bytes: number, progress: Progress): Promise<Report> {
  progress(`values of ${bytes} octets: twenty rounds in turns`);
  const value = randomBytes(bytes);
  const sodium = sodiumNative(value);
  // node:crypto by itself and first: as a machine without the accelerator has it, with no rubbish of others to collect.
  const plain = await rates<string>({
    node: encryptBatches(encryption(nodeEngine), value),
    nodeSingle: encryptSingly(encryption(nodeEngine), value),
    nodeDecrypt: decryptBatches(encryption(nodeEngine), value),
    rawKey: bareGcm(value, 'raw'),
    keyObject: bareGcm(value, 'keyObject'),
  });
  const others = await rates<string>({
    batch: encryptBatches(encryption(engine), value),
    batchOfField: encryptBatches(encryption(engine, { binding: 'field' }), value),
    batchDecrypt: decryptBatches(encryption(engine), value),
    single: encryptSingly(encryption(engine), value),
    aws: awsCaching(value),
    cloak: cloak(value),
    ...(sodium && ({ sodium } satisfies Record<string, Contender>)),
  });
  const found = { ...plain, ...others };
  const rate = (contender: string): number => found[contender] ?? 0;
  const bare = Math.max(rate('rawKey'), rate('keyObject'));
  const openssl = await opensslSpeed(bytes);
  return {
    [`batch_${name}_per_s`]: rounded(rate('batch')),
    [`batch_${name}_field_bound_per_s`]: rounded(rate('batchOfField')),
    [`batch_${name}_decrypt_per_s`]: rounded(rate('batchDecrypt')),
    [`single_${name}_per_s`]: rounded(rate('single')),
    ...(openssl !== undefined && {
      [`openssl_${name}_per_s`]: rounded(openssl),
      [`batch_${name}_ratio_to_openssl`]: rounded(rate('batch') / openssl),
    }),
    [`bare_gcm_${name}_per_s`]: rounded(bare),
    [`node_path_${name}_per_s`]: rounded(rate('node')),
    [`node_path_${name}_single_per_s`]: rounded(rate('nodeSingle')),
    [`node_path_${name}_decrypt_per_s`]: rounded(rate('nodeDecrypt')),
    [`aws_caching_${name}_per_s`]: rounded(rate('aws')),
    [`cloak_${name}_per_s`]: rounded(rate('cloak')),
    ...(sodium && { [`sodium_native_${name}_per_s`]: rounded(rate('sodium')) }),
    ...ratios(name === '1k' ? '' : `_${name}`, { batch: rate('batch'), node: rate('node'), bare, aws: rate('aws') }),
  };
}

/** The ratios of 1 KiB have the short names that the limits are stated in. */
function ratios(
  suffix: string,
  { batch, node, bare, aws }: Readonly<Record<'batch' | 'node' | 'bare' | 'aws', number>>,
): Report {
  return {
    [`node_path_ratio_to_bare_gcm${suffix}`]: rounded(node / bare),
    [`ratio_to_aws_caching${suffix}`]: rounded(batch / aws),
    [`node_path_ratio_to_aws_caching${suffix}`]: rounded(node / aws),
  };
}

/** The accelerator, built for this run, or node:crypto where there is no compiler. */
async function fastest(progress: Progress): Promise<Engine> {
  const folder = await mkdtemp(join(tmpdir(), 'field-encryption-'));
  try {
    return loadAccelerator(await buildAccelerator({ output: join(folder, 'accelerator.node') }));
  } catch (error) {
    if (!(error instanceof AcceleratorBuildError)) throw error;
    progress(`without the accelerator: ${error.message}`);
    return nodeEngine;
  } finally {
    await rm(folder, { recursive: true });
  }
}
