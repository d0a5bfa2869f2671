import { readFile } from 'node:fs/promises';
import { ClientError } from '../client-error.ts';

/** The text of a file, or undefined when there is none. @throws {@link ClientError} `fileUnreadable` */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new ClientError('fileUnreadable', `cannot read ${path}`, {
      advice: 'Let the user that runs this read it.',
      cause: error,
    });
  }
}
