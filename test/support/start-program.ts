import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Lifetime } from './lifetime.ts';

export interface StartedProgram {
  /** What it has written so far, both streams. */
  output(): string;
  /** Waits for a text in its output. @throws when it ends before */
  until(text: string): Promise<void>;
  /** Ends it with SIGTERM, and waits. */
  stop(): Promise<void>;
}

/** Starts a program of this repository in a process of its own, which is ended after the test. */
export function startProgram(
  t: Lifetime,
  file: string,
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string | undefined>> },
): StartedProgram {
  const child: ChildProcess = spawn(process.execPath, ['--conditions=@vcc-pki/source', file], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  t.after(stop);
  return {
    output: () => output,
    until: async (text) => {
      while (!output.includes(text)) {
        if (child.exitCode !== null || child.signalCode !== null) throw new Error(`it ended:\n${output}`);
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    },
    stop,
  };
}
