import type { CliContext } from './context.ts';
import { type GlobalOptions, pkiDirectory } from './global-options.ts';

/** A command to type next, with the folder named where it is not the default one. */
export function commandLine(command: string, options: GlobalOptions, context: CliContext): string {
  const directory = pkiDirectory(options, context);
  return directory === 'pki' || directory === './pki'
    ? `npx vcc-pki ${command}`
    : `npx vcc-pki ${command} --dir ${shellWord(directory)}`;
}

/** A text as one word of a POSIX shell. */
function shellWord(text: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
