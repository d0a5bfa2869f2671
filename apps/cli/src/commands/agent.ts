import { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { agentCheckConfigCommand } from './agent-check-config.ts';
import { agentRenewCommand } from './agent-renew.ts';
import { agentRunCommand } from './agent-run.ts';
import { agentStatusCommand } from './agent-status.ts';

/** `vcc-pki agent`: without a further word it runs. */
export function agentCommand(context: CliContext): Command {
  return new Command('agent')
    .summary('keep certificates and their files for services in any language')
    .description('Keep certificates and their files for services in any language; without a further word: run.')
    .addCommand(agentRunCommand(context), { isDefault: true })
    .addCommand(agentStatusCommand(context))
    .addCommand(agentRenewCommand(context))
    .addCommand(agentCheckConfigCommand(context));
}
