import { chmod, lstat, mkdir } from 'node:fs/promises';
import { dirname, parse } from 'node:path';
import process from 'node:process';
import { AgentError } from '../agent-error.ts';

const writableByOthers = 0o022;
const sticky = 0o1000;

/**
 * Makes a folder that files with keys are written to, and checks that nobody else can exchange anything on the way to it:
 * it and all folders around it belong to the agent's user or to root, and no other user may write there (a folder with the
 * sticky bit, such as /tmp, lets others add but not exchange). So no symbolic link can lead the agent's writing elsewhere.
 * @throws AgentError `folderUnsafe`; errors of the file system as Node gives them
 */
export async function prepareFolder(folder: string): Promise<void> {
  await makeFolder(folder);
  // Windows has no modes; who may write there is up to its access control lists.
  if (process.platform === 'win32') return;
  await checkOne(folder);
  for (let path = dirname(folder); ; path = dirname(path)) {
    await checkAncestor(path);
    if (path === parse(path).root) return;
  }
}

/** What is made can be entered by the program that reads the files, whatever the umask. */
async function makeFolder(folder: string): Promise<void> {
  const made = await mkdir(folder, { recursive: true, mode: 0o755 });
  if (made === undefined) return;
  for (let path = folder; path.length >= made.length; path = dirname(path)) await chmod(path, 0o755);
}

async function checkOne(folder: string): Promise<void> {
  const { mode, uid, isFolder } = await look(folder);
  if (!isFolder) throw unsafe(folder, 'is not a folder (a symbolic link does not count as one)');
  if (!isTrusted(uid)) throw unsafe(folder, `belongs to user ${uid}, neither to the user of the agent nor to root`);
  if ((mode & writableByOthers) !== 0) throw unsafe(folder, 'may be written to by its group or by others');
}

/** A link above the folder, such as macOS has in /var, is as safe as the folder it is in. */
async function checkAncestor(folder: string): Promise<void> {
  const { mode, uid, isLink } = await look(folder);
  if (!isTrusted(uid)) throw unsafe(folder, `belongs to user ${uid}, neither to the user of the agent nor to root`);
  if (isLink || (mode & writableByOthers) === 0 || (mode & sticky) !== 0) return;
  throw unsafe(folder, 'may be written to by its group or by others');
}

async function look(path: string) {
  const stats = await lstat(path);
  return { mode: stats.mode, uid: stats.uid, isFolder: stats.isDirectory(), isLink: stats.isSymbolicLink() };
}

function isTrusted(uid: number): boolean {
  return uid === 0 || uid === process.geteuid?.();
}

function unsafe(folder: string, why: string): AgentError {
  return new AgentError('folderUnsafe', `${folder} ${why}; nothing is written there`);
}
