import { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { caInfoCommand } from './ca-info.ts';

/** `vcc-pki ca …` */
export function caCommand(context: CliContext): Command {
  return new Command('ca')
    .summary('show the certificate authorities')
    .description('The certificate authorities.')
    .addCommand(caInfoCommand(context));
}
