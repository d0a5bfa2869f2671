import type { WebhookResource } from '@vcc-pki/api';
import { Command } from 'commander';
import { confirm } from '../confirm.ts';
import type { CliContext } from '../context.ts';
import type { GlobalOptions } from '../global-options.ts';
import { withExamples } from '../help.ts';
import { notice, writeDryRun, writeResult } from '../output.ts';
import { webhookText } from '../webhook-text.ts';
import { withClient } from '../with-client.ts';

interface WebhookDeleteOptions extends GlobalOptions {
  readonly dryRun?: true;
}

/** `vcc-pki webhook delete` */
export function webhookDeleteCommand(context: CliContext): Command {
  const command = new Command('delete')
    .summary('end a subscription')
    .description('End a subscription. What is on the way to it is given up; its history stays.')
    .argument('<webhook>', 'webhook id')
    .option('--dry-run', 'show what would be ended and do nothing')
    .action(async (id: string) => runDelete(id, command.optsWithGlobals<WebhookDeleteOptions>(), context));
  return withExamples(command, 'vcc-pki webhook delete wh_5d0c1f9e7ab24c83d6e1 --yes');
}

async function runDelete(id: string, options: WebhookDeleteOptions, context: CliContext): Promise<void> {
  const params = { id };
  await withClient(options, context, async (client) => {
    const webhook = await client.call<WebhookResource>('getWebhook', { params });
    if (options.dryRun === true) {
      return writeDryRun(context, options, { json: webhook, text: () => webhookText(webhook) });
    }
    if (options.yes !== true) notice(context, webhookText(webhook));
    await confirm('Delete it?', options, context);
    const deleted = await client.call<WebhookResource>('deleteWebhook', { params });
    writeResult(context, options, { json: deleted, text: () => webhookText(deleted) });
  });
}
