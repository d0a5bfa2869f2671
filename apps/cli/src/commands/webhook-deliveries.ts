import type { DeliveryPage, DeliveryResource } from '@vcc-pki/api';
import { Command, Option } from 'commander';
import type { CliContext } from '../context.ts';
import type { GlobalOptions } from '../global-options.ts';
import { withExamples } from '../help.ts';
import { wholeNumber } from '../option-parsers.ts';
import { notice, tableText, writeResult } from '../output.ts';
import { readPages } from '../read-pages.ts';
import { withClient } from '../with-client.ts';

interface WebhookDeliveriesOptions extends GlobalOptions {
  readonly status?: string;
  readonly limit: number;
}

interface WebhookReplayOptions extends GlobalOptions {
  readonly delivery?: number;
}

/** `vcc-pki webhook test` */
export function webhookTestCommand(context: CliContext): Command {
  const command = new Command('test')
    .summary('send a test event')
    .description('Send an event of type webhook.test; "webhook deliveries" says whether it arrived.')
    .argument('<webhook>', 'webhook id')
    .action(async (id: string) => runTest(id, command.optsWithGlobals<GlobalOptions>(), context));
  return withExamples(command, 'vcc-pki webhook test wh_5d0c1f9e7ab24c83d6e1');
}

/** `vcc-pki webhook deliveries` */
export function webhookDeliveriesCommand(context: CliContext): Command {
  const command = new Command('deliveries')
    .summary('list deliveries')
    .description(
      'List the deliveries of a subscription in one state, newest first: those given up, if not told otherwise.',
    )
    .argument('<webhook>', 'webhook id')
    .addOption(
      new Option('--status <status>', 'deliveries in one state; dead when absent').choices([
        'pending',
        'delivered',
        'dead',
      ]),
    )
    .addOption(new Option('--limit <count>', 'most deliveries to list').argParser(wholeNumber(1, 100_000)).default(50))
    .action(async (id: string) => runDeliveries(id, command.optsWithGlobals<WebhookDeliveriesOptions>(), context));
  return withExamples(command, 'vcc-pki webhook deliveries wh_5d0c1f9e7ab24c83d6e1 --status pending');
}

/** `vcc-pki webhook replay` */
export function webhookReplayCommand(context: CliContext): Command {
  const command = new Command('replay')
    .summary('have deliveries tried anew')
    .description('Have every delivery that was given up tried anew, or one delivery.')
    .argument('<webhook>', 'webhook id')
    .addOption(
      new Option('--delivery <number>', 'this one alone, also when it was delivered').argParser(
        wholeNumber(1, Number.MAX_SAFE_INTEGER),
      ),
    )
    .action(async (id: string) => runReplay(id, command.optsWithGlobals<WebhookReplayOptions>(), context));
  return withExamples(command, 'vcc-pki webhook replay wh_5d0c1f9e7ab24c83d6e1');
}

async function runTest(id: string, options: GlobalOptions, context: CliContext): Promise<void> {
  const sent = await withClient(options, context, (client) =>
    client.call<{ event_id: string }>('testWebhook', { params: { id } }),
  );
  writeResult(context, options, { json: sent, text: () => `on its way: ${sent.event_id}` });
}

async function runDeliveries(id: string, options: WebhookDeliveriesOptions, context: CliContext): Promise<void> {
  const { status, limit } = options;
  const { items, isComplete } = await withClient(options, context, (client) =>
    readPages<DeliveryResource>(
      (page) => client.call<DeliveryPage>('listDeliveries', { params: { id }, query: { status, ...page } }),
      limit,
    ),
  );
  writeResult(context, options, {
    json: { items, complete: isComplete },
    text: () => deliveriesTable(items, status ?? 'dead'),
  });
  if (!isComplete) notice(context, `there are more: --limit ${limit * 2}`);
}

async function runReplay(id: string, options: WebhookReplayOptions, context: CliContext): Promise<void> {
  const body = JSON.stringify({ delivery_id: options.delivery });
  const done = await withClient(options, context, (client) =>
    client.call<{ replayed: number }>('replayDeliveries', { params: { id }, body }),
  );
  writeResult(context, options, { json: done, text: () => `tried anew: ${done.replayed}` });
}

function deliveriesTable(deliveries: readonly DeliveryResource[], status: string): string {
  return tableText(
    ['delivery', 'event', 'subject', 'status', 'tries', 'next', 'last'],
    deliveries.map((delivery) => [
      String(delivery.delivery_id),
      delivery.event_type,
      delivery.subject,
      delivery.status,
      String(delivery.attempts),
      delivery.next_attempt ?? '',
      delivery.last_error ?? (delivery.last_status === undefined ? '' : `HTTP ${delivery.last_status}`),
    ]),
    `no delivery is ${status}`,
  );
}
