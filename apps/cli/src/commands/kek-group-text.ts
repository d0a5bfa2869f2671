import type { KekGroupResource } from '@vcc-pki/api';
import type { Command } from 'commander';
import { factsText, tableText } from '../output.ts';
import { timeText } from '../time-text.ts';

/** What a group is named by on the command line. */
export function withGroupArguments(command: Command): Command {
  return command
    .argument('<line>', 'name of a line, or id of one of its versions')
    .argument('<tenant>', 'tenant, as the service that encrypts names it')
    .argument('<group>', 'name of the group as tokens have it; u:alice is the user alice');
}

/** A group for people. */
export function groupText(group: KekGroupResource, now: number): string {
  return factsText([
    ['line', `${group.line} (${group.line_id})`],
    ['tenant', group.tenant],
    ['group', group.group],
    ['mode', modeText(group)],
    ['epoch', String(group.epoch)],
    ['in this epoch since', timeText(group.epoch_started_at, now)],
    ['key', group.key_id ?? undefined],
    ['members', group.members?.length === 0 ? 'none' : group.members?.join(', ')],
  ]);
}

/** Groups under each other. */
export function groupsTable(groups: readonly KekGroupResource[]): string {
  return tableText(
    ['tenant', 'group', 'mode', 'epoch', 'since'],
    groups.map((group) => [group.tenant, group.group, group.mode, String(group.epoch), group.epoch_started_at]),
    'no groups',
  );
}

function modeText({ mode }: KekGroupResource): string {
  return mode === 'sealed' ? 'sealed: members alone have the key' : 'derived: who holds the KEK can derive the key';
}
