import { open, stat } from 'node:fs/promises';
import { AgentError, isErrno } from '../agent-error.ts';

/** A number and a line's end; postmaster.pid has a few lines more. */
const maxPidFileOctets = 4096;

/**
 * Sends a signal to the process whose id is in the first line of a file.
 *
 * Whoever writes that file chooses who gets the signal. So the file must belong to root or to the agent's user, or to the
 * user that the process runs as.
 * @throws AgentError `reloadFailed`
 */
export async function sendSignal(signal: NodeJS.Signals, pidFile: string): Promise<void> {
  const { pid, owner } = await readPid(pidFile);
  if (owner !== 0 && owner !== process.geteuid?.() && owner !== (await userOf(pid))) {
    throw new AgentError('reloadFailed', `${pidFile} belongs to user ${owner}, and process ${pid} does not`);
  }
  try {
    process.kill(pid, signal);
  } catch (cause) {
    const why = isErrno(cause, 'ESRCH')
      ? 'there is no such process; does the program run?'
      : isErrno(cause, 'EPERM')
        ? 'the agent may not: run it as the same user, or use a command'
        : String(cause);
    throw new AgentError('reloadFailed', `${signal} to process ${pid} (${pidFile}): ${why}`, { cause });
  }
}

async function readPid(pidFile: string): Promise<{ pid: number; owner: number }> {
  try {
    const handle = await open(pidFile, 'r');
    try {
      const { size, uid } = await handle.stat();
      const text = size > maxPidFileOctets ? '' : await handle.readFile('utf8');
      const [, digits] = /^\s*([0-9]{1,9})\s*(?:\n|$)/.exec(text) ?? [];
      // 0 would be our own process group, and 1 is init.
      if (digits === undefined || Number(digits) < 2)
        throw new AgentError('reloadFailed', `${pidFile} has no process id`);
      return { pid: Number(digits), owner: uid };
    } finally {
      await handle.close();
    }
  } catch (cause) {
    if (cause instanceof AgentError) throw cause;
    const why = isErrno(cause, 'ENOENT') ? 'there is no such file; does the program run?' : String(cause);
    throw new AgentError('reloadFailed', `${pidFile}: ${why}`, { cause });
  }
}

/** The user a process runs as; undefined where the system does not show it in /proc. */
async function userOf(pid: number): Promise<number | undefined> {
  try {
    return (await stat(`/proc/${pid}`)).uid;
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}
