import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../../apps/cli/src/main.ts', import.meta.url));

/** The command in a process of its own, started as its first line says. */
export interface SpawnedCli {
  readonly child: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** Resolves when stdout contains `text`; rejects when the process ends before. */
  until(text: string): Promise<void>;
  /** Resolves with the exit code. */
  ended(): Promise<number | null>;
}

/** Starts `vcc-pki` without a terminal; killed after the test when it is still there. */
export function spawnCli(args: readonly string[], env: Readonly<Record<string, string>>, t: TestContext): SpawnedCli {
  const nodeOptions = ['--conditions=@vcc-pki/source', '--disable-warning=ExperimentalWarning'];
  const child = spawn(process.execPath, [...nodeOptions, main, ...args], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const closed = once(child, 'close');
  t.after(() => child.kill('SIGKILL'));
  return {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    until: async (text) => {
      while (!stdout.includes(text)) {
        const more = await Promise.race([once(child.stdout, 'data').then(() => true), closed.then(() => false)]);
        if (!more && !stdout.includes(text)) throw new Error(`ended without "${text}":\n${stdout}${stderr}`);
      }
    },
    ended: async () => {
      await closed;
      return child.exitCode;
    },
  };
}
