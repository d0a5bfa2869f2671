import { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { auditListCommand } from './audit-list.ts';
import { auditVerifyCommand } from './audit-verify.ts';

/** `vcc-pki audit …` */
export function auditCommand(context: CliContext): Command {
  return new Command('audit')
    .summary('read and verify the audit log')
    .description('The audit log, in which each entry contains the hash of the one before.')
    .addCommand(auditListCommand(context))
    .addCommand(auditVerifyCommand(context));
}
