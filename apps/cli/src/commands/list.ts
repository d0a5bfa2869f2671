import type { CertificatePage, CertificateSummary } from '@vcc-pki/api';
import { Command, Option } from 'commander';
import { certificateTable } from '../certificate-text.ts';
import type { ApiClient } from '../connection/api-client.ts';
import type { CliContext } from '../context.ts';
import type { GlobalOptions } from '../global-options.ts';
import { withExamples } from '../help.ts';
import { serviceId, wholeNumber } from '../option-parsers.ts';
import { notice, writeResult } from '../output.ts';
import { readPages } from '../read-pages.ts';
import { withClient } from '../with-client.ts';

interface ListOptions extends GlobalOptions {
  readonly service?: string;
  readonly status?: string;
  readonly name?: string;
  readonly expiringWithinDays?: number;
  readonly issuer?: string;
  readonly limit: number;
  readonly all?: true;
}

/** `vcc-pki list` */
export function listCommand(context: CliContext): Command {
  const command = new Command('list')
    .summary('list certificates')
    .description('List certificates, newest first. Filters are combined.')
    .addOption(new Option('--service <id>', 'those of one service').argParser(serviceId))
    .addOption(
      new Option('--status <status>', 'those of one status').choices([
        'active',
        'expired',
        'revoked',
        'intent',
        'abandoned',
      ]),
    )
    .option('--name <name>', 'those that hold a name: common name or alternative name, in full')
    .addOption(
      new Option('--expiring-within-days <days>', 'active ones that end within so many days').argParser(
        wholeNumber(0, 3650),
      ),
    )
    .option('--issuer <name>', 'those of one issuer, by its id or name')
    .addOption(
      new Option('--limit <count>', 'most certificates to list').argParser(wholeNumber(1, 100_000)).default(50),
    )
    .option('--all', 'list every page, however many')
    .action(async () => runList(command.optsWithGlobals<ListOptions>(), context));
  return withExamples(
    command,
    'vcc-pki list',
    'vcc-pki list --service veritas-backend --status active',
    'vcc-pki list --expiring-within-days 30 --json',
  );
}

async function runList(options: ListOptions, context: CliContext): Promise<void> {
  const { items, isComplete } = await withClient(options, context, (client) => readCertificates(client, options));
  writeResult(context, options, {
    json: { items, complete: isComplete },
    text: () => certificateTable(items, context),
  });
  if (!isComplete) notice(context, `there are more: --limit ${options.limit * 2}, or --all`);
}

async function readCertificates(client: ApiClient, options: ListOptions) {
  return readPages<CertificateSummary>(
    (page) =>
      client.call<CertificatePage>('listCertificates', {
        query: {
          service: options.service,
          status: options.status,
          name: options.name,
          expiring_within_days: options.expiringWithinDays,
          issuer: options.issuer,
          ...page,
        },
      }),
    options.all === true ? Number.POSITIVE_INFINITY : options.limit,
  );
}
