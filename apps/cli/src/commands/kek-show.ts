import type { KekLog, KekPage, KekResource } from '@vcc-pki/api';
import { Command, Option } from 'commander';
import type { CliContext } from '../context.ts';
import type { GlobalOptions } from '../global-options.ts';
import { withExamples } from '../help.ts';
import { wholeNumber } from '../option-parsers.ts';
import { notice, tableText, writeResult } from '../output.ts';
import { readPages } from '../read-pages.ts';
import { withClient } from '../with-client.ts';
import { keksTable, kekText } from './kek-text.ts';

interface ListOptions extends GlobalOptions {
  readonly line?: string;
  readonly state?: string;
  readonly limit: number;
}

/** `vcc-pki kek list` */
export function kekListCommand(context: CliContext): Command {
  const command = new Command('list')
    .summary('list key-encryption keys')
    .description('List key-encryption keys, newest first: an administrator sees all, a service those it may use.')
    .option('--line <name>', 'the versions of one line')
    .addOption(
      new Option('--state <state>', 'those in one state').choices([
        'PENDING',
        'PRIMARY',
        'ENABLED',
        'DISABLED',
        'DESTROYED',
      ]),
    )
    .addOption(new Option('--limit <count>', 'most keys to list').argParser(wholeNumber(1, 100_000)).default(50))
    .action(async () => runList(command.optsWithGlobals<ListOptions>(), context));
  return withExamples(command, 'vcc-pki kek list', 'vcc-pki kek list --line themis-main --json');
}

async function runList(options: ListOptions, context: CliContext): Promise<void> {
  const { line, state, limit } = options;
  const { items, isComplete } = await withClient(options, context, (client) =>
    readPages<KekResource>((page) => client.call<KekPage>('listKeks', { query: { line, state, ...page } }), limit),
  );
  writeResult(context, options, { json: { items, complete: isComplete }, text: () => keksTable(items) });
  if (!isComplete) notice(context, `there are more: --limit ${limit * 2}`);
}

/** `vcc-pki kek show` */
export function kekShowCommand(context: CliContext): Command {
  const command = new Command('show')
    .summary('show a key-encryption key')
    .description('Show a key-encryption key: a version by its id, or the primary version of a line by its name.')
    .argument('<id>', 'id of a version, or name of a line')
    .action(async (id: string) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const kek = await withClient(options, context, (client) =>
        client.call<KekResource>('getKek', { params: { id } }),
      );
      writeResult(context, options, { json: kek, text: () => kekText(kek, context.clock.now()) });
    });
  return withExamples(command, 'vcc-pki kek show kek_123', 'vcc-pki kek show themis-main --json');
}

/** `vcc-pki kek log` */
export function kekLogCommand(context: CliContext): Command {
  const command = new Command('log')
    .summary('show what has become of a line')
    .description('Show the changes of a line, newest first, each with its epoch.')
    .argument('<line>', 'name of a line, or id of one of its versions')
    .action(async (id: string) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const log = await withClient(options, context, (client) => client.call<KekLog>('getKekLog', { params: { id } }));
      writeResult(context, options, { json: log, text: () => logTable(log) });
    });
  return withExamples(command, 'vcc-pki kek log themis-main');
}

function logTable(log: KekLog): string {
  return tableText(
    ['epoch', 'id', 'from', 'to', 'cause', 'forced', 'at'],
    log.items.map((entry) => [
      String(entry.epoch),
      entry.id,
      entry.from ?? '',
      entry.to,
      entry.cause,
      entry.forced ? 'yes' : '',
      entry.at,
    ]),
    'no changes',
  );
}
