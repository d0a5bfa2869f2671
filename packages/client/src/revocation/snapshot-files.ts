import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '@vcc-pki/signer';

/** What was received last, as it was signed: a full snapshot, and the delta from it to the last revision that was asked for. */
export interface StoredSnapshot {
  readonly full: Uint8Array;
  readonly delta: Uint8Array | undefined;
}

/** The revocation snapshot on the disk, for a start while the server is down. */
export class SnapshotFiles {
  readonly #full: string;
  readonly #delta: string;

  constructor(folder: string) {
    this.#full = join(folder, 'revocations.der');
    this.#delta = join(folder, 'revocations-delta.der');
  }

  /** Undefined when there is none. Errors of the file system as Node gives them. */
  async load(): Promise<StoredSnapshot | undefined> {
    const full = await readIfThere(this.#full);
    return full && { full, delta: await readIfThere(this.#delta) };
  }

  async saveFull(der: Uint8Array): Promise<void> {
    await writeFileAtomically({ path: this.#full, contents: der, mode: 0o644, overwrite: 'replace' });
  }

  async saveDelta(der: Uint8Array): Promise<void> {
    await writeFileAtomically({ path: this.#delta, contents: der, mode: 0o644, overwrite: 'replace' });
  }
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
