import { randomBytes } from 'node:crypto';
import { link, open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { SignerError } from './signer-error.ts';

/** A file to write whole or not at all. */
export interface AtomicFile {
  readonly path: string;
  readonly contents: Uint8Array | string;
  /** Permission bits the file has from its first moment on, whatever the umask; no effect on Windows. */
  readonly mode: number;
  /** What happens to a file that stands there already: `never` refuses and leaves it, `replace` puts the new one in its place. */
  readonly overwrite: 'never' | 'replace';
  /** Whom it belongs to from its first moment on; default: whoever runs this. */
  readonly owner?: { readonly uid: number; readonly gid: number };
}

/**
 * Writes a file so that a reader, and a machine that lost power, finds either all of it or nothing new at all.
 *
 * The octets go to a file of a random name in the same folder, reach the disk (fsync), and only then get their name;
 * the folder is synchronised after that. With `never`, the name is given by link(2), which fails when it is taken:
 * there is no moment between looking and writing. A crash can leave a `.name.….tmp` behind, with the same mode.
 *
 * @throws {@link SignerError} `fileExists` with `overwrite: 'never'`; errors of the file system as Node gives them.
 */
export async function writeFileAtomically(file: AtomicFile): Promise<void> {
  const { path, overwrite } = file;
  const folder = dirname(path);
  const temporary = temporaryPath(path);
  try {
    await writeDurably(temporary, file);
    if (overwrite === 'replace') await rename(temporary, path);
    else await link(temporary, path);
  } catch (error) {
    await removeIfThere(temporary);
    if (isErrno(error, 'EEXIST')) {
      throw new SignerError('fileExists', `${path} exists and is not overwritten`, { cause: error });
    }
    throw error;
  }
  if (overwrite === 'never') await unlink(temporary);
  await syncFolder(folder);
}

/**
 * Replaces several files that belong together. All octets are on disk before the first of them gets its name, so a full
 * disk changes nothing, and the names then change within microseconds of each other, in the order given.
 * @throws errors of the file system as Node gives them
 */
export async function replaceFilesTogether(files: readonly Omit<AtomicFile, 'overwrite'>[]): Promise<void> {
  const staged: { readonly path: string; readonly temporary: string }[] = [];
  try {
    for (const file of files) {
      const temporary = temporaryPath(file.path);
      staged.push({ path: file.path, temporary });
      await writeDurably(temporary, file);
    }
    for (const { path, temporary } of staged) await rename(temporary, path);
  } catch (error) {
    for (const { temporary } of staged) await removeIfThere(temporary);
    throw error;
  }
  for (const folder of new Set(files.map(({ path }) => dirname(path)))) await syncFolder(folder);
}

function temporaryPath(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomBytes(8).toString('hex')}.tmp`);
}

async function writeDurably(path: string, { contents, mode, owner }: Omit<AtomicFile, 'overwrite'>): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    // The umask may have taken bits away; it never adds any, so the file was not wider than this before.
    await file.chmod(mode);
    if (owner !== undefined) await file.chown(owner.uid, owner.gid);
    await file.writeFile(contents);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error;
  }
}

/** Makes a new name in a folder survive a power cut. Windows cannot open folders and needs no such call. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
