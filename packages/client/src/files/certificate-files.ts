import { mkdir, readdir, rm, rmdir, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AtomicFile, replaceFilesTogether, SignerError, writeFileAtomically } from '@vcc-pki/signer';
import { ClientError } from '../client-error.ts';
import { type CertificateMaterial, isPair } from './certificate-material.ts';
import { type CertificatePaths, certificatePaths, pendingPath, previousPaths } from './certificate-paths.ts';
import { type PendingRequest, parsePending } from './pending-request.ts';
import { readIfThere } from './read-if-there.ts';

/** Who may read the files; the defaults are for a service that reads its own. */
export interface CertificateFileOptions {
  /** Permission bits of the key. Default 0600. */
  readonly keyMode?: number;
  /** Permission bits of the other files. Default 0644. */
  readonly certificateMode?: number;
  /** Whom the files belong to; needs the right to give files away. Default: whoever runs this. */
  readonly owner?: { readonly uid: number; readonly gid: number };
}

/** A certificate with its key as they were found on disk. */
export interface StoredPair {
  readonly certificatePem: string;
  readonly keyPem: string;
  /** Leaf first; the certificate alone where there is no file with its chain. */
  readonly fullchainPem: string;
  /** Undefined where there is no root beside it. */
  readonly rootCaPem: string | undefined;
  /** JSON text; undefined where the certificate did not come from here. */
  readonly metadata: string | undefined;
}

/** Before a pair that does not fit counts as broken. */
const settleMs = 50;

/** Nobody takes so long to write a file of some kilobytes. */
const leftoverAgeMs = 600_000;

/**
 * The files of one certificate. A crash at any moment leaves a pair that works after the next {@link load}: what had
 * come is written down before the first file changes, and put in place to the end by whoever comes next.
 */
export class CertificateFiles {
  readonly paths: CertificatePaths;
  readonly #options: CertificateFileOptions;

  constructor(paths: CertificatePaths, options: CertificateFileOptions = {}) {
    this.paths = paths;
    this.#options = options;
  }

  /** Files by their usual names in a folder of their own. */
  static inFolder(folder: string, options: CertificateFileOptions = {}): CertificateFiles {
    return new CertificateFiles(certificatePaths(folder), options);
  }

  /**
   * The pair that is there, after finishing what a crash left half done; undefined when there is none.
   * @throws {@link ClientError} `keyMismatch` when certificate and key do not belong together, `fileUnreadable`
   */
  async load(): Promise<StoredPair | undefined> {
    for (let attempt = 1; ; attempt++) {
      await this.finish();
      const [certificatePem, keyPem] = [await readIfThere(this.paths.cert), await readIfThere(this.paths.key)];
      if (certificatePem === undefined && keyPem === undefined) return undefined;
      if (certificatePem !== undefined && keyPem !== undefined && isPair(certificatePem, keyPem)) {
        return this.#withCompanions(certificatePem, keyPem);
      }
      if (attempt === 2) break;
      // Another process may be between the names of the two files; it needs microseconds.
      await sleep(settleMs);
    }
    throw new ClientError('keyMismatch', `${this.paths.cert} and ${this.paths.key} are no pair`, {
      advice: 'Put the pair of previous/ back, or remove both files and begin anew.',
    });
  }

  async #withCompanions(certificatePem: string, keyPem: string): Promise<StoredPair> {
    const { fullchain, rootCa, metadata } = this.paths;
    const chain = await readIfThere(fullchain);
    return {
      certificatePem,
      keyPem,
      fullchainPem: chain !== undefined && isPair(chain, keyPem) ? chain : certificatePem,
      rootCaPem: await readIfThere(rootCa),
      metadata: await readIfThere(metadata),
    };
  }

  /** Finishes an installation that a crash interrupted; true when there was one. */
  async finish(): Promise<boolean> {
    const pending = await this.loadPending();
    if (pending?.arrived === undefined) return false;
    await this.#putInPlace(pending.arrived);
    await this.removePending();
    return true;
  }

  /**
   * Puts what came for a pending request in place: each file whole or not at all, the pair before kept in `previous/`.
   * @returns whether there was a pair before
   * @throws {@link ClientError} `fileUnwritable`; the old pair is then still in its place
   */
  async install(pending: PendingRequest, arrived: CertificateMaterial): Promise<boolean> {
    await this.#write(() => this.#writePending({ ...pending, arrived }, 'replace'));
    const keptPrevious = await this.#putInPlace(arrived);
    await this.removePending();
    return keptPrevious;
  }

  /** The pending request. @throws {@link ClientError} `fileUnreadable` when the file is none. */
  async loadPending(): Promise<PendingRequest | undefined> {
    const path = pendingPath(this.paths);
    const text = await readIfThere(path);
    if (text === undefined) return undefined;
    const pending = parsePending(text);
    if (pending !== undefined) return pending;
    throw new ClientError('fileUnreadable', `${path} is damaged`, {
      advice: 'It held the key of a request that was not finished. Remove it to begin anew.',
    });
  }

  /**
   * Puts a pending request on disk, 0600. Two runs at once cannot both.
   * @throws {@link ClientError} `busy`, `fileUnwritable`
   */
  async savePending(pending: PendingRequest): Promise<void> {
    await this.#write(() => this.#writePending(pending, 'never'));
  }

  /** Forgets the pending request: finished, or refused for good. */
  async removePending(): Promise<void> {
    try {
      await unlink(pendingPath(this.paths));
    } catch (error) {
      // Another process has finished the same request.
      if (!isErrno(error, 'ENOENT')) throw error;
    }
  }

  /** Removes the folder when nothing is in it: what a refused request leaves behind. */
  async removeFolderIfEmpty(): Promise<void> {
    try {
      await rmdir(dirname(this.paths.key));
    } catch (error) {
      // POSIX lets rmdir(2) of a folder in use fail with either; a folder that is the root of a mount is busy.
      if (!['ENOTEMPTY', 'EEXIST', 'ENOENT', 'EBUSY'].some((code) => isErrno(error, code))) throw error;
    }
  }

  /** Removes what a crash left beside the files: half-written ones, a key among them perhaps. To be called at a start. */
  async removeLeftovers(now = Date.now()): Promise<void> {
    const paths = [...Object.values(this.paths), pendingPath(this.paths)];
    for (const folder of new Set(paths.map((path) => dirname(path)))) {
      for (const name of await namesIn(folder)) {
        const [, of] = /^\.(.+)\.[0-9a-f]{16}\.tmp$/.exec(name) ?? [];
        if (of === undefined || !paths.includes(join(folder, of))) continue;
        const path = join(folder, name);
        // A younger one may be in the hands of another process.
        if (now - (await stat(path)).mtimeMs > leftoverAgeMs) await rm(path, { force: true });
      }
    }
  }

  async #writePending(pending: PendingRequest, overwrite: AtomicFile['overwrite']): Promise<void> {
    const path = pendingPath(this.paths);
    await mkdir(dirname(path), { recursive: true });
    await writeFileAtomically({ path, contents: `${JSON.stringify(pending, null, 2)}\n`, mode: 0o600, overwrite });
  }

  async #putInPlace(arrived: CertificateMaterial): Promise<boolean> {
    return this.#write(async () => {
      const keptPrevious = await this.#keepPrevious(arrived);
      for (const path of Object.values(this.paths)) await mkdir(dirname(path), { recursive: true });
      const isRootThere = (await readIfThere(this.paths.rootCa)) === arrived.rootCa;
      await replaceFilesTogether([
        this.#file(this.paths, 'key', arrived.key),
        this.#file(this.paths, 'cert', arrived.cert),
        this.#file(this.paths, 'fullchain', arrived.fullchain),
        this.#file(this.paths, 'metadata', arrived.metadata),
        // The root may lie where only the operator writes.
        ...(isRootThere ? [] : [this.#file(this.paths, 'rootCa', arrived.rootCa)]),
      ]);
      return keptPrevious;
    });
  }

  /** Copies the pair that is about to be replaced, unless it is none, or is the new one already. */
  async #keepPrevious(arrived: CertificateMaterial): Promise<boolean> {
    const [cert, key] = [await readIfThere(this.paths.cert), await readIfThere(this.paths.key)];
    if (key === arrived.key || (cert === undefined && key === undefined)) return false;
    const previous = previousPaths(this.paths);
    const kept = [];
    for (const name of ['key', 'cert', 'fullchain', 'metadata'] as const) {
      const contents = await readIfThere(this.paths[name]);
      await mkdir(dirname(previous[name]), { recursive: true, mode: 0o700 });
      if (contents !== undefined) kept.push(this.#file(previous, name, contents));
    }
    await replaceFilesTogether(kept);
    return true;
  }

  #file(paths: CertificatePaths, name: keyof CertificatePaths, contents: string): Omit<AtomicFile, 'overwrite'> {
    const { keyMode = 0o600, certificateMode = 0o644, owner } = this.#options;
    return { path: paths[name], contents, mode: name === 'key' ? keyMode : certificateMode, ...(owner && { owner }) };
  }

  async #write<T>(write: () => Promise<T>): Promise<T> {
    try {
      return await write();
    } catch (error) {
      if (error instanceof ClientError) throw error;
      if (error instanceof SignerError && error.code === 'fileExists') {
        throw new ClientError('busy', `another process is getting a certificate for ${this.paths.cert}`, {
          advice: 'Wait for it, then look at its result.',
          cause: error,
        });
      }
      const reason = error instanceof Error ? error.message : String(error);
      throw new ClientError('fileUnwritable', `cannot write beside ${this.paths.cert}: ${reason}`, {
        advice: 'Make room on the disk, or let the user that runs this write there; what was there is unchanged.',
        cause: error,
      });
    }
  }
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  }
}
