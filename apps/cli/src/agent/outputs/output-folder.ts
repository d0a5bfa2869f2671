import { randomBytes } from 'node:crypto';
import { lstat, mkdir, open, readdir, readFile, readlink, rename, rm, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { AgentError, isErrno } from '../agent-error.ts';
import type { OutputConfig } from '../config/agent-config.ts';
import { findOwnership, type Ownership } from './account.ts';
import { prepareFolder } from './check-folder.ts';
import { type Material, type OutputFile, outputFiles } from './material.ts';

/** The link to the generation that is served, and to the one before it. */
const currentLink = '..current';
const previousLink = '..previous';
/** Generations and links on their way have names that no file of an output can have. */
const generationPrefix = '..generation-';
const temporaryPrefix = '..link-';

/**
 * Writes the files of an output so that certificate and key change at one moment.
 *
 * Each generation of files has a folder of its own, written and synchronised before anybody looks at it. `..current` is a
 * link to the one that is served, exchanged by one rename(2), and `fullchain.pem` and the others are links through it. A
 * crash at any moment leaves either pair, whole. The generation before stays, as `..previous`.
 *
 * @returns whether anything changed; what stands there already is not written again
 * @throws AgentError; errors of the file system as Node gives them, after which the old files stand
 */
export async function writeOutput(output: OutputConfig, material: Material): Promise<boolean> {
  const files = outputFiles(output, material);
  const ownership = await findOwnership(output.owner, output.group);
  await prepareFolder(output.folder);
  const present = await linkTarget(join(output.folder, currentLink));
  const isPresent = present !== undefined && (await holds(join(output.folder, present), files, { output, ownership }));
  await checkNames(output.folder, files);
  if (!isPresent) await addGeneration(files, { output, ownership, present });
  const linked = await linkNames(output.folder, files);
  await removeLeftovers(output.folder, files);
  return !isPresent || linked;
}

interface Rights {
  readonly output: OutputConfig;
  readonly ownership: Ownership;
}

/** Whether a generation has exactly these files, with their contents, modes and owners. */
async function holds(generation: string, files: readonly OutputFile[], rights: Rights): Promise<boolean> {
  try {
    const names = await readdir(generation);
    if (names.length !== files.length) return false;
    for (const file of files) if (!(await isThere(join(generation, file.name), file, rights))) return false;
    return true;
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return false;
    throw error;
  }
}

async function isThere(path: string, file: OutputFile, { output, ownership }: Rights): Promise<boolean> {
  const { mode, uid, gid, size } = await stat(path);
  const hasRights =
    (mode & 0o777) === modeOf(file, output) &&
    (ownership.uid === undefined || ownership.uid === uid) &&
    (ownership.gid === undefined || ownership.gid === gid);
  return hasRights && (await hasContents(path, { file, size }));
}

/**
 * A key that was given to another user cannot be read any more by an agent that only may give files away. It was written
 * with the certificate beside it, which can.
 */
async function hasContents(path: string, { file, size }: { file: OutputFile; size: number }): Promise<boolean> {
  try {
    return (await readFile(path, 'utf8')) === file.contents;
  } catch (error) {
    if (file.isPrivate && isErrno(error, 'EACCES')) return size === Buffer.byteLength(file.contents);
    throw error;
  }
}

function modeOf({ isPrivate }: OutputFile, { keyMode, certMode }: OutputConfig): number {
  return isPrivate ? keyMode : certMode;
}

/** @throws AgentError `fileForeign`: what somebody else put there is not replaced */
async function checkNames(folder: string, files: readonly OutputFile[]): Promise<void> {
  for (const { name } of files) {
    const path = join(folder, name);
    const isFree = await lstat(path).then(
      (stats) => stats.isSymbolicLink(),
      (error: unknown) => {
        if (isErrno(error, 'ENOENT')) return true;
        throw error;
      },
    );
    if (!isFree)
      throw new AgentError('fileForeign', `${path} is not the agent's; move it away, or choose another folder`);
  }
}

async function addGeneration(
  files: readonly OutputFile[],
  { output, ownership, present }: Rights & { readonly present: string | undefined },
): Promise<void> {
  const { folder } = output;
  const name = `${generationPrefix}${Date.now()}-${randomBytes(4).toString('hex')}`;
  const generation = join(folder, name);
  await mkdir(generation, { mode: 0o755 });
  try {
    await withMode(generation, 0o755);
    for (const file of files) await writeDurably(join(generation, file.name), file, { output, ownership });
    await syncFolder(generation);
  } catch (error) {
    await rm(generation, { recursive: true, force: true });
    throw error;
  }
  if (present !== undefined) await exchangeLink(folder, previousLink, present);
  await exchangeLink(folder, currentLink, name);
  await syncFolder(folder);
}

/** The umask may have taken bits away. */
async function withMode(folder: string, mode: number): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.chmod(mode);
  } finally {
    await handle.close();
  }
}

async function writeDurably(path: string, file: OutputFile, { output, ownership }: Rights): Promise<void> {
  // Nobody but the agent can open it until it has its owner and its contents.
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(file.contents);
    if (ownership.uid !== undefined || ownership.gid !== undefined) await giveTo(ownership, handle, path);
    await handle.chmod(modeOf(file, output));
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function giveTo({ uid, gid }: Ownership, handle: Awaited<ReturnType<typeof open>>, path: string): Promise<void> {
  const present = await handle.stat();
  if ((uid ?? present.uid) === present.uid && (gid ?? present.gid) === present.gid) return;
  try {
    await handle.chown(uid ?? present.uid, gid ?? present.gid);
  } catch (cause) {
    if (!isErrno(cause, 'EPERM')) throw cause;
    throw new AgentError(
      'ownerRefused',
      `${path} cannot be given to user ${uid ?? 'of the agent'}, group ${gid ?? 'of the agent'}: that takes CAP_CHOWN, or a group the agent is in`,
      { cause },
    );
  }
}

async function linkTarget(path: string): Promise<string | undefined> {
  try {
    const target = await readlink(path);
    // Only what this code wrote is followed.
    return /^\.\.generation-[0-9a-f-]+$/.test(target) ? target : undefined;
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'EINVAL')) return undefined;
    throw error;
  }
}

/** Puts a link in the place of another by one rename(2). */
async function exchangeLink(folder: string, name: string, target: string): Promise<void> {
  const temporary = join(folder, `${temporaryPrefix}${randomBytes(8).toString('hex')}`);
  await symlink(target, temporary);
  try {
    await rename(temporary, join(folder, name));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Gives each file its name in the folder. @returns whether one was missing or led elsewhere */
async function linkNames(folder: string, files: readonly OutputFile[]): Promise<boolean> {
  let changed = false;
  for (const { name } of files) {
    const target = join(currentLink, name);
    const present = await readlink(join(folder, name)).catch((error: unknown) => {
      if (isErrno(error, 'ENOENT')) return undefined;
      throw error;
    });
    if (present === target) continue;
    await exchangeLink(folder, name, target);
    changed = true;
  }
  if (changed) await syncFolder(folder);
  return changed;
}

/** Removes generations that neither link leads to, links on their way, and names of files that are not written any more. */
async function removeLeftovers(folder: string, files: readonly OutputFile[]): Promise<void> {
  const kept = [await linkTarget(join(folder, currentLink)), await linkTarget(join(folder, previousLink))];
  const names = new Set(files.map(({ name }) => name));
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const isOldGeneration = name.startsWith(generationPrefix) && !kept.includes(name);
    if (isOldGeneration || name.startsWith(temporaryPrefix)) await rm(path, { recursive: true, force: true });
    else if (!names.has(name) && (await isOwnLink(path, name))) await rm(path, { force: true });
  }
}

async function isOwnLink(path: string, name: string): Promise<boolean> {
  const target = await readlink(path).catch(() => undefined);
  return target === join(currentLink, name);
}

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open folders and needs no such call.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
