import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { AgentError } from '../agent-error.ts';

/** As much of what a command prints as is told when it fails. */
const toldCharacters = 500;

/**
 * Runs a command without a shell and waits for its end. One that takes too long is killed, with all that it started.
 * @throws AgentError `reloadFailed`, `reloadTimeout`
 */
export async function runCommand(command: readonly [string, ...string[]], timeoutMs: number): Promise<void> {
  const [program, ...args] = command;
  // In a process group of its own, so that the group can be killed; it is not let go.
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: process.platform !== 'win32' });
  const printed = collect([child.stdout, child.stderr]);
  try {
    const { code, signal } = await ended(child, { timeoutMs, program });
    if (code === 0) return;
    const how = signal === null ? `ended with ${code}` : `was ended by ${signal}`;
    throw new AgentError('reloadFailed', `${program} ${how}${said(printed())}`);
  } finally {
    // A daemon that the command started may hold these open for good.
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

function ended(
  child: ChildProcess,
  { timeoutMs, program }: { readonly timeoutMs: number; readonly program: string },
): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      killGroup(child);
      reject(new AgentError('reloadTimeout', `${program} did not end within ${timeoutMs / 1000} s and was killed`));
    }, timeoutMs);
    child.once('error', (cause) => {
      clearTimeout(timer);
      reject(new AgentError('reloadFailed', `${program} cannot be run: ${cause.message}`, { cause }));
    });
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal });
    });
  });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It ended in this moment.
  }
}

/** The last of what is printed; the rest is read, so that the command does not block, and forgotten. */
function collect(streams: readonly Readable[]): () => string {
  let text = '';
  for (const stream of streams) {
    stream.setEncoding('utf8').on('data', (part: string) => {
      text = (text + part).slice(-toldCharacters);
    });
  }
  return () => text.trim();
}

function said(text: string): string {
  return text === '' ? '' : `: ${text}`;
}
