import type { CreatedWebhookResource } from '@vcc-pki/api';
import { Command, Option } from 'commander';
import type { CliContext } from '../context.ts';
import type { GlobalOptions } from '../global-options.ts';
import { withExamples } from '../help.ts';
import { collectList } from '../option-parsers.ts';
import { notice, writeResult } from '../output.ts';
import { webhookText } from '../webhook-text.ts';
import { withClient } from '../with-client.ts';

interface WebhookCreateOptions extends GlobalOptions {
  readonly event: readonly string[];
  readonly description?: string;
}

/** `vcc-pki webhook create` */
export function webhookCreateCommand(context: CliContext): Command {
  const command = new Command('create')
    .summary('subscribe a URL to events')
    .description('Subscribe a URL to events. The secret that verifies them is shown this once.')
    .argument('<url>', 'where events are sent, https')
    .addOption(
      new Option('--event <types>', 'types of events, repeatable or with commas')
        .argParser(collectList)
        .makeOptionMandatory(),
    )
    .option('--description <text>', 'what it is for; shown in lists')
    .action(async (url: string) => runCreate(url, command.optsWithGlobals<WebhookCreateOptions>(), context));
  return withExamples(
    command,
    'vcc-pki webhook create https://alerts.vcc.local/pki --event certificate.expiring,ca.expiring',
  );
}

async function runCreate(url: string, options: WebhookCreateOptions, context: CliContext): Promise<void> {
  const { event, description } = options;
  const body = JSON.stringify({ url, event_types: event, description });
  const created = await withClient(options, context, (client) =>
    client.call<CreatedWebhookResource>('createWebhook', { body }),
  );
  if (options.json !== true) notice(context, webhookText(created));
  // Alone on standard output, so that a script can take it as it is.
  writeResult(context, options, { json: created, text: () => created.secret });
}
