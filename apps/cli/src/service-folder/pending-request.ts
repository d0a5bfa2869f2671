import { mkdir, rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '@vcc-pki/signer';
import { CliError } from '../cli-error.ts';
import { readIfThere } from './service-folder.ts';

/**
 * A request that is on its way, with the key it is for. It is on disk before the server hears of it, so a crash at any
 * moment loses neither key nor certificate: the next run sends the same request under the same Idempotency-Key, and the
 * server gives the same certificate again.
 */
export interface PendingRequest {
  /** What was asked for, as one comparable text: the next run resumes only when it asks for the same. */
  readonly wish: string;
  readonly idempotencyKey: string;
  /** JSON body, sent again to the octet. */
  readonly body: string;
  /** PKCS #8 PEM. */
  readonly keyPem: string;
}

const fileName = '.pending-request.json';

/** The pending request of a service's folder. @throws {@link CliError} `fileUnreadable` when the file is none. */
export async function loadPending(folder: string): Promise<PendingRequest | undefined> {
  const path = join(folder, fileName);
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  const pending = parsePending(text);
  if (pending !== undefined) return pending;
  throw new CliError('fileUnreadable', `${path} is damaged`, {
    advice: 'It held the key of a request that was not finished. Remove it to begin anew.',
  });
}

function parsePending(text: string): PendingRequest | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const pending = value as Record<keyof PendingRequest, unknown>;
  const members = [pending.wish, pending.idempotencyKey, pending.body, pending.keyPem];
  return members.every((member) => typeof member === 'string') ? (pending as PendingRequest) : undefined;
}

/** Puts a pending request on disk, 0600. Two runs at once cannot both: one gets `fileExists` of the signer package. */
export async function savePending(folder: string, pending: PendingRequest): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFileAtomically({
    path: join(folder, fileName),
    contents: `${JSON.stringify(pending, null, 2)}\n`,
    mode: 0o600,
    overwrite: 'never',
  });
}

/** Forgets the pending request: finished, or refused for good. */
export async function removePending(folder: string): Promise<void> {
  await unlink(join(folder, fileName));
}

/** Removes the folder of a service when nothing is in it: what a refused request leaves behind. */
export async function removeIfEmpty(folder: string): Promise<void> {
  try {
    await rmdir(folder);
  } catch (error) {
    // POSIX lets rmdir(2) of a folder in use fail with either.
    if (!(error instanceof Error && 'code' in error && (error.code === 'ENOTEMPTY' || error.code === 'EEXIST')))
      throw error;
  }
}
