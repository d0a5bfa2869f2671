import { Command } from 'commander';
import type { CliContext } from '../context.ts';
import {
  kekGroupAddMemberCommand,
  kekGroupCreateCommand,
  kekGroupNextEpochCommand,
  kekGroupRemoveMemberCommand,
} from './kek-group-change.ts';
import { kekGroupListCommand, kekGroupShowCommand } from './kek-group-show.ts';

/** `vcc-pki kek group …` */
export function kekGroupCommand(context: CliContext): Command {
  const command = new Command('group')
    .summary('make groups of a line and change their members')
    .description('Groups of a line: their mode, their members, and the epochs of their keys.');
  for (const make of [
    ...[kekGroupCreateCommand, kekGroupListCommand, kekGroupShowCommand],
    ...[kekGroupAddMemberCommand, kekGroupRemoveMemberCommand, kekGroupNextEpochCommand],
  ]) {
    command.addCommand(make(context));
  }
  return command;
}
