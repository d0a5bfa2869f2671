import { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { kekChangeCommands } from './kek-change.ts';
import { kekConsumersCommand } from './kek-consumers.ts';
import { kekGrantCommand, kekGrantsCommand, kekRevokeGrantCommand } from './kek-grant.ts';
import { kekGroupCommand } from './kek-group.ts';
import { kekCreateCommand, kekRotateCommand } from './kek-make.ts';
import { kekListCommand, kekLogCommand, kekShowCommand } from './kek-show.ts';

/** `vcc-pki kek …` */
export function kekCommand(context: CliContext): Command {
  const command = new Command('kek')
    .summary('make, rotate and retire key-encryption keys')
    .description('Key-encryption keys: lines, their versions, who may use them and who does.');
  for (const make of [kekCreateCommand, kekListCommand, kekShowCommand, kekLogCommand, kekRotateCommand]) {
    command.addCommand(make(context));
  }
  for (const change of kekChangeCommands(context)) command.addCommand(change);
  for (const make of [kekGrantCommand, kekRevokeGrantCommand, kekGrantsCommand, kekConsumersCommand, kekGroupCommand]) {
    command.addCommand(make(context));
  }
  return command;
}
