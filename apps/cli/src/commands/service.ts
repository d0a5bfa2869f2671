import { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { serviceListCommand } from './service-list.ts';
import { serviceRegisterCommand } from './service-register.ts';
import { serviceRetireCommand } from './service-retire.ts';
import { serviceShowCommand } from './service-show.ts';
import { serviceUpdateCommand } from './service-update.ts';

/** `vcc-pki service …` */
export function serviceCommand(context: CliContext): Command {
  return new Command('service')
    .summary('the registry of services')
    .description('The registry of services: who is there, where, and how.')
    .addCommand(serviceRegisterCommand(context))
    .addCommand(serviceListCommand(context))
    .addCommand(serviceShowCommand(context))
    .addCommand(serviceUpdateCommand(context))
    .addCommand(serviceRetireCommand(context));
}
