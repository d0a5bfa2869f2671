import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { acceleratorFile, acceleratorSource, opensslMajor } from './accelerator-file.ts';

export interface AcceleratorBuild {
  /** Where it is put; the place it is loaded from when absent. */
  readonly output?: string;
  /** A C compiler in the PATH. */
  readonly compiler?: string;
  /** Further options, of sanitizers. */
  readonly compilerOptions?: readonly string[];
}

/** The accelerator cannot be built here; the message is one line that says why. */
export class AcceleratorBuildError extends Error {
  override readonly name = 'AcceleratorBuildError';
}

const languageOptions = ['-std=c11', '-Wall', '-Wextra', '-Werror', '-fPIC', '-fvisibility=hidden'];

/** How a loadable module is linked that finds Node's own functions when it is loaded. */
const linkOptions: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  // All at once when it is loaded, or a function that is missing would be found in mid-encryption.
  linux: ['-shared', '-Wl,-z,now', '-Wl,-z,relro'],
  darwin: ['-bundle', '-undefined', 'dynamic_lookup'],
};

/**
 * Compiles the accelerator with the C compiler of this machine and the headers that came with this Node: nothing is fetched.
 *
 * @returns path of what was built
 * @throws {@link AcceleratorBuildError}
 */
export async function buildAccelerator(build: AcceleratorBuild = {}): Promise<string> {
  const { output = acceleratorFile, compiler = 'cc', compilerOptions = ['-O2', '-fstack-protector-strong'] } = build;
  const link = linkOptions[process.platform];
  if (!link) throw new AcceleratorBuildError(`no way is known to build it on ${process.platform}`);
  const temporary = `${output}.${process.pid}.tmp`;
  await mkdir(dirname(output), { recursive: true });
  try {
    const common = [...languageOptions, `-DEXPECTED_OPENSSL=${opensslMajor}`, `-I${findHeaders()}`];
    await promisify(execFile)(compiler, [...common, ...compilerOptions, acceleratorSource, '-o', temporary, ...link]);
    await rename(temporary, output);
  } catch (error) {
    if (error instanceof AcceleratorBuildError) throw error;
    throw new AcceleratorBuildError(firstLine(compiler, error), { cause: error });
  } finally {
    await rm(temporary, { force: true });
  }
  return output;
}

/** The folder with `node_api.h` and the headers of the OpenSSL that this Node is made with. */
function findHeaders(): string {
  const prefix = dirname(dirname(process.execPath));
  const candidates = [
    join(prefix, 'include/node'),
    // The npm package `node`, which pins the Node of a project.
    join(prefix, `node_modules/node-${process.platform}-${process.arch}/include/node`),
    '/usr/local/include/node',
    '/usr/include/node',
  ];
  const found = candidates.find((folder) =>
    ['node_api.h', 'openssl/evp.h'].every((header) => existsSync(join(folder, header))),
  );
  if (found === undefined) throw new AcceleratorBuildError(`no headers of Node ${process.version} were found`);
  return found;
}

function firstLine(compiler: string, error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return `there is no C compiler ${compiler}`;
  const text = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
  return text.split('\n').find((line) => line.includes('error')) ?? `${compiler} failed`;
}
