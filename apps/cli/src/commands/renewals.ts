import type { RenewalPage, RenewalResource } from '@vcc-pki/api';
import { Command, Option } from 'commander';
import type { CliContext } from '../context.ts';
import type { GlobalOptions } from '../global-options.ts';
import { withExamples } from '../help.ts';
import { serviceId, wholeNumber } from '../option-parsers.ts';
import { notice, styled, tableText, writeResult } from '../output.ts';
import { readPages } from '../read-pages.ts';
import { distanceText } from '../time-text.ts';
import { withClient } from '../with-client.ts';

interface RenewalsOptions extends GlobalOptions {
  readonly state: string;
  readonly service?: string;
  readonly limit: number;
}

/** `vcc-pki renewals` */
export function renewalsCommand(context: CliContext): Command {
  const states = ['due', 'overdue', 'unproven', 'renewed', 'failed', 'archived'];
  const command = new Command('renewals')
    .summary('list who has to renew, and who did not')
    .description('List renewals, those whose window began first come first.')
    .addOption(
      new Option('--state <state>', 'due: the window has begun; unproven: seen at no endpoint')
        .choices(states)
        .default('due'),
    )
    .addOption(new Option('--service <id>', 'those of one service').argParser(serviceId))
    .addOption(new Option('--limit <count>', 'most renewals to list').argParser(wholeNumber(1, 100_000)).default(50))
    .action(async () => runRenewals(command.optsWithGlobals<RenewalsOptions>(), context));
  return withExamples(
    command,
    'vcc-pki renewals',
    'vcc-pki renewals --state overdue --json',
    'vcc-pki renewals --state unproven --service veritas-backend',
  );
}

async function runRenewals(options: RenewalsOptions, context: CliContext): Promise<void> {
  const { state, service, limit } = options;
  const { items, isComplete } = await withClient(options, context, (client) =>
    readPages<RenewalResource>(
      (page) => client.call<RenewalPage>('listRenewals', { query: { state, service, ...page } }),
      limit,
    ),
  );
  writeResult(context, options, {
    json: { items, complete: isComplete },
    text: () => renewalTable(items, { state, context }),
  });
  if (!isComplete) notice(context, `there are more: --limit ${limit * 2}`);
}

function renewalTable(
  renewals: readonly RenewalResource[],
  { state, context }: { readonly state: string; readonly context: CliContext },
): string {
  const now = context.clock.now();
  return tableText(
    ['certificate id', 'service', 'state', 'window', 'until', 'expires', '', 'said', 'renewed by'],
    renewals.map((renewal) => [
      renewal.certificate_id,
      renewal.service_id,
      styled(context, isLate(renewal) ? 'red' : 'yellow', renewal.state),
      renewal.renewal_window.start,
      renewal.renewal_window.end,
      renewal.not_after,
      distanceText(Date.parse(renewal.not_after) - now),
      renewal.stage ?? '',
      renewal.replaced_by ?? '',
    ]),
    `no renewal is ${state}`,
  );
}

function isLate({ state }: RenewalResource): boolean {
  return state === 'overdue' || state === 'failed';
}
