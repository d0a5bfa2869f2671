import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { BenchPki } from './bench-pki.ts';

/** A server in a process of its own. */
export interface ServerProcess {
  readonly apiUrl: string;
  readonly publicUrl: string;
  /** From the start of the process until it listened. */
  readonly startedInMs: number;
  /** The part of it behind the loading of the code: unlock the key, open the ledger, settle, listen. */
  readonly openedInMs: number;
  stop(): Promise<void>;
}

/** What the process is told, as JSON in its first argument. */
export interface ServerPlan {
  readonly directory: string;
  readonly passphrase: string;
}

/** What the process sends when it listens. */
export interface ServerReady {
  readonly apiUrl: string;
  readonly publicUrl: string;
  readonly openedInMs: number;
}

/**
 * Starts a file that starts a server, waits until it listens, and ends it with SIGTERM.
 * @param file URL of the file.
 */
export async function startServerProcess(file: URL, { directory, passphrase }: BenchPki): Promise<ServerProcess> {
  const plan: ServerPlan = { directory, passphrase };
  const start = performance.now();
  const child = fork(file, [JSON.stringify(plan)], {
    execArgv: ['--conditions=@vcc-pki/source', ...profilerOptions()],
    // The command `vcc-pki` keeps what it has compiled, too; a server that was never started before has nothing to find.
    env: { ...process.env, NODE_COMPILE_CACHE: join(directory, '../compiled') },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  const [ready] = (await Promise.race([once(child, 'message'), exited])) as [ServerReady | number | null];
  if (ready === null || typeof ready === 'number') throw new Error('The server of the benchmark did not start.');
  return { ...ready, startedInMs: performance.now() - start, stop: () => stop(child, exited) };
}

async function stop(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  child.kill('SIGTERM');
  await exited;
}

/** `VCC_PKI_BENCH_PROFILE=<directory>` writes a CPU profile of the server there. */
function profilerOptions(): string[] {
  const directory = process.env['VCC_PKI_BENCH_PROFILE'];
  return directory === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${directory}`];
}
