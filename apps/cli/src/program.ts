import { Command } from 'commander';
import type { CliContext } from './context.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { addGlobalOptions } from './global-options.ts';
import { reportError } from './report-error.ts';
import { version } from './version.ts';

/** Makes a command for a context. */
export type MakeCommand = (context: CliContext) => Command;

/** Width of help where no terminal says one. */
const helpWidth = 100;

/** The command line with the commands that are given. */
export function programOf(commands: readonly MakeCommand[], context: CliContext): Command {
  const program = addGlobalOptions(new Command('vcc-pki'))
    .description('The PKI of the VCC services: a certificate authority, its server and its certificates.')
    .version(version, '--version', 'print the version')
    .helpOption('-h, --help', 'print help for a command')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      // Help in place of a command that is missing; errors are told by reportError, all in the same way.
      writeErr: (text) => context.stderr.write(text),
      outputError: () => {},
      getOutHelpWidth: () => context.terminal.columns ?? helpWidth,
      getErrHelpWidth: () => context.terminal.columns ?? helpWidth,
      getOutHasColors: () => context.terminal.hasColors,
    })
    .exitOverride()
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 not found, 4 server not reached.',
    );
  for (const make of commands) program.addCommand(inheriting(make(context), program));
  return program;
}

/** Commander hands its settings down to commands that it makes itself only. */
function inheriting(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent);
  for (const child of command.commands) inheriting(child, command);
  return command;
}

/**
 * Runs one command line and returns the exit code; it never throws and never ends the process.
 * @param args the arguments behind the name of the program
 */
export async function runProgram(program: Command, args: readonly string[], context: CliContext): Promise<ExitCode> {
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCodes.ok;
  } catch (error) {
    return reportError(error, context, { asJson: args.includes('--json'), verbose: args.includes('--verbose') });
  }
}
