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
export async function writeFileAtomically({ path, contents, mode, overwrite }: AtomicFile): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${randomBytes(8).toString('hex')}.tmp`);
  try {
    await writeDurably(temporary, contents, mode);
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

async function writeDurably(path: string, contents: Uint8Array | string, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    // The umask may have taken bits away; it never adds any, so the file was not wider than this before.
    await file.chmod(mode);
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
