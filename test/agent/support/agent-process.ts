import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { askAgent } from '../../../apps/cli/src/agent/control/control-socket.ts';
import type { AgentStatus } from '../../../apps/cli/src/agent/status.ts';
import { loadStatus } from '../../../apps/cli/src/agent/status-file.ts';
import type { Lifetime } from '../../support/lifetime.ts';

const source = fileURLToPath(new URL('../../../apps/cli/src/main.ts', import.meta.url));

/** How `vcc-pki` is started from its sources; what is built needs no options. */
const sourceOptions = ['--conditions=@vcc-pki/source', '--disable-warning=ExperimentalWarning'];

/** An agent in a process of its own, as a service manager would have it. */
export interface AgentProcess {
  readonly child: ChildProcess;
  /** What it has logged so far. */
  log(): string;
  /** Waits until the status on the disk is as wished. */
  until(wish: (status: AgentStatus) => boolean): Promise<AgentStatus>;
  renew(): Promise<void>;
  /** Resident memory, in KiB. */
  residentKib(): Promise<number>;
  /** Sends a signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

export interface AgentProcessOptions {
  readonly configFile: string;
  readonly stateDir: string;
  /** `main.js` of a build; the sources when absent. */
  readonly main?: string | undefined;
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
}

export async function startAgentProcess(t: Lifetime, options: AgentProcessOptions): Promise<AgentProcess> {
  const { configFile, stateDir, main, user } = options;
  const nodeOptions = main === undefined ? sourceOptions : [];
  const child = spawn(process.execPath, [...nodeOptions, main ?? source, 'agent', '--config', configFile], {
    stdio: ['ignore', 'ignore', 'pipe'],
    // Whose cache of compiled code it is must be its own user's.
    env: { PATH: process.env['PATH'], XDG_CACHE_HOME: `${stateDir}-cache` },
    ...user,
  });
  let text = '';
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  const exited = once(child, 'exit');
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  t.after(async () => {
    if (hasEnded()) return;
    child.kill('SIGKILL');
    await exited;
  });
  return {
    child,
    log: () => text,
    until: async (wish) => {
      for (let tries = 1; tries <= 600; tries += 1) {
        const status = await loadStatus(stateDir);
        if (status !== undefined && status.pid === child.pid && wish(status)) return status;
        if (hasEnded()) throw new Error(`the agent ended: ${text}`);
        await delay(25);
      }
      throw new Error(`not within 15 seconds: ${JSON.stringify(await loadStatus(stateDir))}\n${text}`);
    },
    renew: async () => {
      const answer = await askAgent(stateDir, { command: 'renew' });
      const { renewed } = (answer ?? {}) as { renewed?: readonly { readonly error: unknown }[] };
      if (renewed === undefined || renewed.some(({ error }) => error !== null)) {
        throw new Error(`not renewed: ${JSON.stringify(answer)}\n${text}`);
      }
    },
    residentKib: async () => {
      const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${child.pid}/status`, 'utf8')) ?? [];
      return Number(kib);
    },
    end: async (signal) => {
      child.kill(signal);
      await exited;
      return child.exitCode;
    },
  };
}
