import type { WebhookResource } from '@vcc-pki/api';
import { Command } from 'commander';
import type { CliContext } from '../context.ts';
import type { GlobalOptions } from '../global-options.ts';
import { withExamples } from '../help.ts';
import { tableText, writeResult } from '../output.ts';
import { webhookText } from '../webhook-text.ts';
import { withClient } from '../with-client.ts';

/** `vcc-pki webhook list` */
export function webhookListCommand(context: CliContext): Command {
  const command = new Command('list')
    .summary('list the subscriptions')
    .description('List the subscriptions, with how many deliveries wait and how many were given up.')
    .action(async () => runList(command.optsWithGlobals<GlobalOptions>(), context));
  return withExamples(command, 'vcc-pki webhook list');
}

/** `vcc-pki webhook show` */
export function webhookShowCommand(context: CliContext): Command {
  const command = new Command('show')
    .summary('show a subscription')
    .description('Show a subscription, also a deleted one.')
    .argument('<webhook>', 'webhook id')
    .action(async (id: string) => runShow(id, command.optsWithGlobals<GlobalOptions>(), context));
  return withExamples(command, 'vcc-pki webhook show wh_5d0c1f9e7ab24c83d6e1');
}

async function runList(options: GlobalOptions, context: CliContext): Promise<void> {
  const { items } = await withClient(options, context, (client) =>
    client.call<{ items: WebhookResource[] }>('listWebhooks'),
  );
  const rows = items.map(({ webhook_id, url, event_types, pending, dead }) => [
    webhook_id,
    url,
    event_types.join(' '),
    String(pending),
    String(dead),
  ]);
  writeResult(context, options, {
    json: { items },
    text: () => tableText(['webhook id', 'url', 'events', 'waiting', 'given up'], rows, 'no webhooks'),
  });
}

async function runShow(id: string, options: GlobalOptions, context: CliContext): Promise<void> {
  const webhook = await withClient(options, context, (client) =>
    client.call<WebhookResource>('getWebhook', { params: { id } }),
  );
  writeResult(context, options, { json: webhook, text: () => webhookText(webhook) });
}
