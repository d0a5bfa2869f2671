import type { Command } from 'commander';
import { agentCommand } from './commands/agent.ts';
import { auditCommand } from './commands/audit.ts';
import { caCommand } from './commands/ca.ts';
import { checkConfigCommand } from './commands/check-config.ts';
import { createCertificateCommand } from './commands/create-certificate.ts';
import { crlCommand } from './commands/crl.ts';
import { discoverCommand } from './commands/discover.ts';
import { downloadCommand } from './commands/download.ts';
import { initCommand } from './commands/init.ts';
import { inspectCommand } from './commands/inspect.ts';
import { kekCommand } from './commands/kek.ts';
import { listCommand } from './commands/list.ts';
import { reencryptCommand } from './commands/reencrypt.ts';
import { renewCommand } from './commands/renew.ts';
import { renewalsCommand } from './commands/renewals.ts';
import { revokeCommand } from './commands/revoke.ts';
import { serveCommand } from './commands/serve.ts';
import { serviceCommand } from './commands/service.ts';
import { showCommand } from './commands/show.ts';
import { tokenCommand } from './commands/token.ts';
import { verifyCommand } from './commands/verify.ts';
import { webhookCommand } from './commands/webhook.ts';
import type { CliContext } from './context.ts';
import type { ExitCode } from './exit-codes.ts';
import { programOf, runProgram } from './program.ts';

const commands = [
  initCommand,
  serveCommand,
  checkConfigCommand,
  createCertificateCommand,
  listCommand,
  showCommand,
  downloadCommand,
  renewCommand,
  renewalsCommand,
  revokeCommand,
  crlCommand,
  tokenCommand,
  webhookCommand,
  auditCommand,
  caCommand,
  verifyCommand,
  inspectCommand,
  kekCommand,
  serviceCommand,
  discoverCommand,
  agentCommand,
  reencryptCommand,
] as const;

/** The command line as a whole: every command, every option, every help page. */
export function buildProgram(context: CliContext): Command {
  return programOf(commands, context);
}

/** Runs one command line and returns the exit code; it never throws and never ends the process. */
export function runCli(args: readonly string[], context: CliContext): Promise<ExitCode> {
  return runProgram(buildProgram(context), args, context);
}
