import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { encodePem } from '@vcc-pki/asn1';
import { freePorts } from '../support/free-ports.ts';
import { runProgram } from '../support/run-program.ts';
import { command, output } from './narrator.ts';

const cli = fileURLToPath(new URL('../../apps/cli/src/main.ts', import.meta.url));
const nodeOptions = ['--conditions=@vcc-pki/source'];

/** A PKI in a folder, its server in a process of its own, and the command `vcc-pki` to talk to it. */
export interface TourPki {
  /** Runs a command and shows it; throws when it fails. */
  run(...args: string[]): Promise<void>;
  /** Runs a command as a service that is no longer let in; throws when it is let in. */
  refuses(subcommand: string, serviceFolder: string): Promise<void>;
  openssl(...args: string[]): Promise<void>;
  /** The CRLs of intermediate and root in PEM, as relying parties fetch them. */
  crls(wanted?: { listing: string }): Promise<string>;
  stop(): Promise<void>;
}

export async function startPki(directory: string): Promise<TourPki> {
  const [port, publicPort] = (await freePorts(2)) as [number, number];
  const passphraseFile = join(directory, 'passphrase');
  await writeFile(passphraseFile, 'for the length of a tour', { mode: 0o600 });
  const pki = join(directory, 'pki');
  const env = { ...process.env, PKI_DIR: pki, PKI_PORT: String(port), PKI_PUBLIC_PORT: String(publicPort) };
  const call = (args: readonly string[]) => runProgram(process.execPath, [...nodeOptions, cli, ...args], { env });
  const run = async (...args: string[]): Promise<void> => {
    command(['vcc-pki', ...args]);
    const { code, stdout, stderr } = await call(args);
    output(stdout);
    if (code !== 0) throw new Error(`vcc-pki ${args.join(' ')} ended with ${code}:\n${stderr}`);
  };
  await run('init', '--passphrase-file', passphraseFile);
  command(['vcc-pki', 'serve', '--passphrase-file', passphraseFile]);
  const log = await open(join(directory, 'server.log'), 'a');
  const server = spawn(process.execPath, [...nodeOptions, cli, 'serve', '--passphrase-file', passphraseFile], {
    env,
    stdio: ['ignore', 'ignore', log.fd],
  });
  await untilReady(`http://localhost:${publicPort}/ready`, server);
  return {
    run,
    refuses: async (subcommand, folder) => {
      const identity = ['--cert', join(folder, 'fullchain.pem'), '--key', join(folder, 'key.pem')];
      command(['vcc-pki', subcommand, ...identity]);
      const { code, stderr } = await call([subcommand, ...identity]);
      output(stderr);
      if (code === 0) throw new Error('the PKI server let a revoked client in');
    },
    openssl: async (...args) => {
      command(['openssl', ...args]);
      const { code, stdout, stderr } = await runProgram('openssl', args);
      output(stdout + stderr);
      if (code !== 0) throw new Error(`openssl ended with ${code}`);
    },
    crls: (wanted) => fetchCrls({ pki, publicPort, call }, wanted),
    stop: async () => {
      server.kill('SIGTERM');
      await once(server, 'exit');
      await log.close();
    },
  };
}

async function untilReady(url: string, server: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}`);
    const isReady = await fetch(url).then(
      (response) => response.ok,
      // Not listening yet; the bound of this loop is what ends it.
      () => false,
    );
    if (isReady) return;
    await sleep(50);
  }
  throw new Error('the server is not ready after 15 s');
}

async function fetchCrls(
  at: { pki: string; publicPort: number; call: (args: readonly string[]) => Promise<{ stdout: string }> },
  wanted?: { listing: string },
): Promise<string> {
  const info = JSON.parse((await at.call(['ca', 'info', '--json'])).stdout) as { items: { issuer_id: string }[] };
  const serial =
    wanted && (JSON.parse((await at.call(['show', wanted.listing, '--json'])).stdout) as { serial_number: string });
  for (let tries = 0; tries < 100; tries++) {
    const ders = await Promise.all(
      info.items.map(async ({ issuer_id }) => {
        const response = await fetch(`http://localhost:${at.publicPort}/crl/${issuer_id}.crl`);
        return new Uint8Array(await response.arrayBuffer());
      }),
    );
    const hasIt =
      serial === undefined || ders.some((der) => Buffer.from(der).toString('hex').includes(serial.serial_number));
    if (hasIt) return ders.map((der) => encodePem('X509 CRL', der)).join('');
    await sleep(100);
  }
  throw new Error('the CRL does not list the certificate after 10 s');
}
