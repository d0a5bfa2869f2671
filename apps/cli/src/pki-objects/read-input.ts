import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { CliError } from '../cli-error.ts';
import type { CliContext } from '../context.ts';
import { reasonOf } from '../read-pem.ts';
import type { PkiObject } from './pki-object.ts';
import { readObjects } from './read-objects.ts';

/** What a file that was named on the command line holds. */
export interface InputFile {
  /** For people: the path, or `standard input`. */
  readonly name: string;
  readonly objects: readonly PkiObject[];
}

/** Reads a file, or standard input for `-`, and finds what it holds: at least one thing. @throws {@link CliError} `fileUnreadable` */
export async function readInput(path: string, context: CliContext): Promise<InputFile> {
  const name = path === '-' ? 'standard input' : path;
  const reading = path === '-' ? buffer(context.stdin) : readFile(path);
  const bytes = await reading.catch((cause: unknown) => {
    throw new CliError('fileUnreadable', `cannot read ${name}: ${reasonOf(cause)}`, { cause });
  });
  const objects = readObjects(bytes);
  if (objects.length > 0) return { name, objects };
  throw new CliError('fileUnreadable', `${name} is neither PEM nor DER of a kind that is known here`, {
    advice: 'Known are certificates, requests, CRLs, OCSP requests and responses, certs-only PKCS #7 and keys.',
  });
}
