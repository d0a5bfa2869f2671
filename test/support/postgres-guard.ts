/**
 * Outlives a test run that is killed: when the pipe to its standard input breaks, it stops the PostgreSQL with the
 * process id at its first argument and removes the directory at its second. After an orderly end there is nothing
 * left for it to do.
 *
 * @module
 */
import { rm } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

const [pid, directory] = process.argv.slice(2);
if (pid !== undefined && directory !== undefined) {
  process.stdin.resume().once('end', () => void cleanUp(Number(pid), directory));
}

async function cleanUp(server: number, files: string): Promise<void> {
  // SIGINT is PostgreSQL's fast shutdown; signal 0 asks whether it has ended.
  for (let signal: NodeJS.Signals | 0 = 'SIGINT'; isAlive(server, signal); signal = 0) await wait(50);
  await rm(files, { recursive: true, force: true });
}

function isAlive(server: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(server, signal);
  } catch {
    return false;
  }
}
