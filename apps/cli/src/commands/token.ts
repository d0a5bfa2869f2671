import { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { tokenCreateCommand } from './token-create.ts';
import { tokenListCommand } from './token-list.ts';
import { tokenRevokeCommand } from './token-revoke.ts';

/** `vcc-pki token …` */
export function tokenCommand(context: CliContext): Command {
  return new Command('token')
    .summary('make and manage one-time enrolment tokens')
    .description('One-time tokens with which services get their first certificate.')
    .addCommand(tokenCreateCommand(context))
    .addCommand(tokenListCommand(context))
    .addCommand(tokenRevokeCommand(context));
}
