import { agentCommand } from './commands/agent.ts';
import type { CliContext } from './context.ts';
import type { ExitCode } from './exit-codes.ts';
import { programOf, runProgram } from './program.ts';

/** As `runCli`, for command lines that begin with `agent`: a process that stays for good does not load what it never needs. */
export function runAgentCli(args: readonly string[], context: CliContext): Promise<ExitCode> {
  return runProgram(programOf([agentCommand], context), args, context);
}
