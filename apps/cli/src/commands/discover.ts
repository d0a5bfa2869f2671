import type { DiscoveredService, DiscoveryPage } from '@vcc-pki/api';
import { Command, Option } from 'commander';
import type { CliContext } from '../context.ts';
import type { GlobalOptions } from '../global-options.ts';
import { withExamples } from '../help.ts';
import { wholeNumber } from '../option-parsers.ts';
import { notice, tableText, writeResult } from '../output.ts';
import { readPages } from '../read-pages.ts';
import { statusText } from '../service-text.ts';
import { withClient } from '../with-client.ts';

interface DiscoverOptions extends GlobalOptions {
  readonly type?: string;
  readonly limit: number;
}

/** `vcc-pki discover` */
export function discoverCommand(context: CliContext): Command {
  const command = new Command('discover')
    .summary('find services as other services do')
    .description('Find services as other services do: one by its id, or those of a type, or all that are in service.')
    .argument('[id]', 'service id, or else a type')
    .option('--type <word>', 'services of one type, also when a service has that id')
    .addOption(new Option('--limit <count>', 'most services to list').argParser(wholeNumber(1, 100_000)).default(50))
    .action(async (id: string | undefined) => runDiscover(id, command.optsWithGlobals<DiscoverOptions>(), context));
  return withExamples(command, 'vcc-pki discover vpb-backend', 'vcc-pki discover --type backend --json');
}

async function runDiscover(id: string | undefined, options: DiscoverOptions, context: CliContext): Promise<void> {
  const { type, limit } = options;
  const { items, isComplete } = await withClient(options, context, (client) =>
    readPages<DiscoveredService>(
      (page) =>
        id === undefined
          ? client.call<DiscoveryPage>('discoverServices', { query: { type, ...page } })
          : client.call<DiscoveryPage>('discoverService', { params: { id }, query: { ...page } }),
      limit,
    ),
  );
  writeResult(context, options, {
    json: { items, complete: isComplete },
    text: () => discoveredTable(items, context),
  });
  if (!isComplete) notice(context, `there are more: --limit ${limit * 2}`);
}

function discoveredTable(services: readonly DiscoveredService[], context: CliContext): string {
  return tableText(
    ['service', 'type', 'status', 'endpoints', 'certificate expires', 'fingerprint'],
    services.map((service) => [
      service.service_id,
      service.service_type ?? '',
      statusText(service.status, context),
      service.endpoints.join(' '),
      service.certificate_expiry ?? 'none',
      service.fingerprint_sha256?.slice(0, 16) ?? '',
    ]),
    'no services',
  );
}
