import type { ServicePage, ServiceResource } from '@vcc-pki/api';
import { Command, Option } from 'commander';
import type { CliContext } from '../context.ts';
import type { GlobalOptions } from '../global-options.ts';
import { withExamples } from '../help.ts';
import { wholeNumber } from '../option-parsers.ts';
import { notice, writeResult } from '../output.ts';
import { readPages } from '../read-pages.ts';
import { servicesTable } from '../service-text.ts';
import { withClient } from '../with-client.ts';

interface ServiceListOptions extends GlobalOptions {
  readonly type?: string;
  readonly status?: string;
  readonly limit: number;
}

/** `vcc-pki service list` */
export function serviceListCommand(context: CliContext): Command {
  const statuses = ['active', 'degraded', 'down', 'retired'];
  const command = new Command('list')
    .summary('list the registered services')
    .description('List the registered services by their ids. Filters are combined.')
    .option('--type <word>', 'services of one type')
    .addOption(new Option('--status <status>', 'services in one state').choices(statuses))
    .addOption(new Option('--limit <count>', 'most services to list').argParser(wholeNumber(1, 100_000)).default(50))
    .action(async () => runList(command.optsWithGlobals<ServiceListOptions>(), context));
  return withExamples(command, 'vcc-pki service list --status down', 'vcc-pki service list --type backend --json');
}

async function runList(options: ServiceListOptions, context: CliContext): Promise<void> {
  const { type, status, limit } = options;
  const { items, isComplete } = await withClient(options, context, (client) =>
    readPages<ServiceResource>(
      (page) => client.call<ServicePage>('listServices', { query: { type, status, ...page } }),
      limit,
    ),
  );
  writeResult(context, options, {
    json: { items, complete: isComplete },
    text: () => servicesTable(items, context),
  });
  if (!isComplete) notice(context, `there are more: --limit ${limit * 2}`);
}
