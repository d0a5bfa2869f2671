import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * `npm test`: every `*.test.ts` of the project, or those of the files and folders given behind `--`, with what they share.
 *
 * `node --test` alone would take every file below a folder named `test` for a test.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const isFolder = (argument: string) =>
  statSync(join(root, argument), { throwIfNoEntry: false })?.isDirectory() === true;
const given = process.argv.slice(2).map((argument) => (isFolder(argument) ? join(argument, '**/*.test.ts') : argument));
const namesFiles = given.some((argument) => /\.ts$|\*/.test(argument));
const files = namesFiles ? [] : ['packages/**/*.test.ts', 'apps/**/*.test.ts', 'test/**/*.test.ts'];
const child = spawn(
  process.execPath,
  [
    '--conditions=@vcc-pki/source',
    '--test',
    // Node's default leaves one core idle; most of these wait for a database, a handshake or another program, so that one
    // more than there are cores keeps all of them busy.
    `--test-concurrency=${availableParallelism() + 1}`,
    '--test-global-setup=test/support/global-setup.ts',
    ...given,
    ...files,
  ],
  {
    cwd: root,
    stdio: 'inherit',
    // Each test file is a process and loads the server anew: what is compiled once is kept for the others.
    env: { ...process.env, NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/node-compile-cache') },
  },
);
child.once('exit', (code, signal) => {
  process.exitCode = code ?? (signal === null ? 1 : 128);
});
