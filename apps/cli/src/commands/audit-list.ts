import type { AuditEntryResource, AuditPage } from '@vcc-pki/api';
import { Command, Option } from 'commander';
import type { CliContext } from '../context.ts';
import type { GlobalOptions } from '../global-options.ts';
import { withExamples } from '../help.ts';
import { serviceId, timestamp, wholeNumber } from '../option-parsers.ts';
import { notice, tableText, writeResult } from '../output.ts';
import { readPages } from '../read-pages.ts';
import { withClient } from '../with-client.ts';

interface AuditListOptions extends GlobalOptions {
  readonly action?: string;
  readonly service?: string;
  readonly certificate?: string;
  readonly since?: string;
  readonly until?: string;
  readonly limit: number;
}

/** `vcc-pki audit list` */
export function auditListCommand(context: CliContext): Command {
  const command = new Command('list')
    .summary('list what was done and refused')
    .description('List what was done and refused, newest first. Filters are combined.')
    .option('--action <word>', 'entries of one kind: request, renew, revoke, download …')
    .addOption(new Option('--service <id>', 'entries of one service').argParser(serviceId))
    .option('--certificate <id>', 'entries about one certificate, by its certificate id')
    .addOption(new Option('--since <time>', 'not before: a day, or a time in UTC').argParser(timestamp))
    .addOption(new Option('--until <time>', 'not after').argParser(timestamp))
    .addOption(new Option('--limit <count>', 'most entries to list').argParser(wholeNumber(1, 100_000)).default(50))
    .action(async () => runAuditList(command.optsWithGlobals<AuditListOptions>(), context));
  return withExamples(
    command,
    'vcc-pki audit list --limit 20',
    'vcc-pki audit list --action revoke --since 2025-11-01',
    'vcc-pki audit list --service veritas-backend --json',
  );
}

async function runAuditList(options: AuditListOptions, context: CliContext): Promise<void> {
  const { action, service, certificate, since, until, limit } = options;
  const filters = { action, service, certificate_id: certificate, since, until };
  const { items, isComplete } = await withClient(options, context, (client) =>
    readPages<AuditEntryResource>(
      (page) => client.call<AuditPage>('listAudit', { query: { ...filters, ...page } }),
      limit,
    ),
  );
  writeResult(context, options, {
    json: { items, complete: isComplete },
    text: () => auditTable(items),
  });
  if (!isComplete) notice(context, `there are more: --limit ${limit * 2}`);
}

function auditTable(entries: readonly AuditEntryResource[]): string {
  return tableText(
    ['entry', 'time', 'action', 'status', 'service', 'certificate id', 'from', 'details'],
    entries.map((entry) => [
      String(entry.id),
      entry.timestamp,
      entry.action,
      entry.status,
      entry.service_id ?? '',
      entry.certificate_id ?? '',
      entry.client_ip ?? '',
      shortText(JSON.stringify(entry.details)),
    ]),
    'no entries',
  );
}

/** Details in full are in `--json`; a table needs lines that can be read. */
function shortText(text: string): string {
  if (text === '{}') return '';
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}
