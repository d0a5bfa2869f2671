import type { KekGroupPage, KekGroupResource } from '@vcc-pki/api';
import { Command, Option } from 'commander';
import type { CliContext } from '../context.ts';
import type { GlobalOptions } from '../global-options.ts';
import { withExamples } from '../help.ts';
import { wholeNumber } from '../option-parsers.ts';
import { notice, writeResult } from '../output.ts';
import { readPages } from '../read-pages.ts';
import { withClient } from '../with-client.ts';
import { groupsTable, groupText, withGroupArguments } from './kek-group-text.ts';

interface ListOptions extends GlobalOptions {
  readonly tenant?: string;
  readonly limit: number;
}

/** `vcc-pki kek group list` */
export function kekGroupListCommand(context: CliContext): Command {
  const command = new Command('list')
    .summary('list the groups of a line')
    .description(
      'List the groups of a line by tenant and name, each with its mode: which are policy and which cryptography.',
    )
    .argument('<line>', 'name of a line, or id of one of its versions')
    .option('--tenant <name>', 'the groups of one tenant')
    .addOption(new Option('--limit <count>', 'most groups to list').argParser(wholeNumber(1, 100_000)).default(50))
    .action(async (id: string) => runList(id, command.optsWithGlobals<ListOptions>(), context));
  return withExamples(command, 'vcc-pki kek group list themis-main --tenant acme');
}

async function runList(id: string, options: ListOptions, context: CliContext): Promise<void> {
  const { tenant, limit } = options;
  const { items, isComplete } = await withClient(options, context, (client) =>
    readPages<KekGroupResource>(
      (page) => client.call<KekGroupPage>('listKekGroups', { params: { id }, query: { tenant, ...page } }),
      limit,
    ),
  );
  writeResult(context, options, { json: { items, complete: isComplete }, text: () => groupsTable(items) });
  if (!isComplete) notice(context, `there are more: --limit ${limit * 2}`);
}

/** `vcc-pki kek group show` */
export function kekGroupShowCommand(context: CliContext): Command {
  const command = withGroupArguments(new Command('show'))
    .summary('show a group')
    .description('Show a group with its mode, its epoch and its members.')
    .action(async (id: string, tenant: string, group: string) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const found = await withClient(options, context, (client) =>
        client.call<KekGroupResource>('getKekGroup', { params: { id, tenant, group } }),
      );
      writeResult(context, options, { json: found, text: () => groupText(found, context.clock.now()) });
    });
  return withExamples(command, 'vcc-pki kek group show themis-main acme doctors');
}
