import { fileURLToPath } from 'node:url';
import { type Finished, runProgram } from '../support/run-program.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Runs a block of shell as a reader of the page would, in a checkout where `npm ci` has been run; stops at the first failure. */
export async function runBlock(
  block: string,
  options: { cwd: string; env: Readonly<Record<string, string>> },
): Promise<Finished> {
  // npx looks for the command from the working directory upwards; the reader stands in the checkout, the test elsewhere.
  const prelude = `set -euo pipefail\nnpx() { shift; node "${root}apps/cli/src/main.ts" "$@"; }\n`;
  const path = `${root}node_modules/.bin:${process.env['PATH']}`;
  const NODE_OPTIONS = '--conditions=@vcc-pki/source';
  return runProgram('bash', ['-c', prelude + block], {
    cwd: options.cwd,
    env: { ...process.env, PATH: path, NODE_OPTIONS, ...options.env },
  });
}
