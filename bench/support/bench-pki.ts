import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { initializePki, systemClock } from '@vcc-pki/server';
import { defaultConfigFiles } from '../../apps/server/src/config/index.ts';
import { freePorts } from '../../test/support/free-ports.ts';
import type { Identity } from './load.ts';

/** A PKI in a folder, made by the real `init`, with limits that no load reaches. */
export interface BenchPki {
  readonly directory: string;
  readonly passphrase: string;
  readonly rootPem: string;
  readonly admin: Identity;
}

/** The services of the benchmarks: `bench-1` to `bench-100`, and any number of `fleet-…`. */
const whitelist = [
  'services:',
  '  - { service_id: admin-cli, allowed_operations: [request, renew, revoke, download, admin] }',
  ...Array.from(
    { length: 100 },
    (_, n) => `  - { service_id: bench-${n + 1}, max_certificates: 100000, rate_limit_certs_per_hour: 1000000,
      allowed_operations: [request, renew, revoke, download] }`,
  ),
  'patterns:',
  '  - { pattern: "fleet-*", max_certificates: 10, allowed_operations: [request, renew, revoke, download] }',
  '',
].join('\n');

/** @param crlShards the default of the configuration when absent. */
export async function makeBenchPki(directory: string, { crlShards }: { crlShards?: number } = {}): Promise<BenchPki> {
  const passphrase = 'a passphrase for benchmarks';
  const [port, publicPort] = (await freePorts(2)) as [number, number];
  const files = defaultConfigFiles({
    pki_server: { host: '127.0.0.1', public_host: '127.0.0.1', port, public_port: publicPort },
    security: {
      global_rate_limit_certs_per_hour: 100_000_000,
      ...(crlShards !== undefined && { crl_shards: crlShards }),
    },
  });
  await mkdir(join(directory, 'config'), { recursive: true });
  for (const { name, text } of files) {
    await writeFile(join(directory, 'config', name), name === 'service_whitelist.yaml' ? whitelist : text);
  }
  await initializePki({ directory, passphrase: new TextEncoder().encode(passphrase), clock: systemClock });
  return readBenchPki(directory, passphrase);
}

/** The same of a folder that was copied. */
export async function readBenchPki(directory: string, passphrase: string): Promise<BenchPki> {
  const read = (name: string): Promise<string> => readFile(join(directory, name), 'utf8');
  return {
    directory,
    passphrase,
    rootPem: await read('root_ca.pem'),
    admin: { cert: await read('admin-cli/fullchain.pem'), key: await read('admin-cli/key.pem') },
  };
}
