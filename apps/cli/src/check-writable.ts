import { access, constants, lstat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CliError } from './cli-error.ts';

/**
 * Finds out whether a file can be made, before the server is asked for what it gives only once.
 * @throws {@link CliError} `fileExists` for what stands there, a link that leads nowhere too, unless it may be replaced;
 *   `fileUnwritable` when its folder is missing or not writable
 */
export async function checkWritable(path: string, { mayReplace }: { readonly mayReplace: boolean }): Promise<void> {
  if (!mayReplace && (await isThere(path))) {
    throw new CliError('fileExists', `${path} exists and is not overwritten`, {
      advice: 'Name another file with --out, or give --force to replace it.',
    });
  }
  const folder = dirname(path);
  try {
    await access(folder, constants.W_OK);
  } catch (cause) {
    throw new CliError('fileUnwritable', `nothing can be written in the folder ${folder}`, {
      advice: 'Make the folder, or name another file with --out.',
      cause,
    });
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
