import { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { webhookCreateCommand } from './webhook-create.ts';
import { webhookDeleteCommand } from './webhook-delete.ts';
import { webhookDeliveriesCommand, webhookReplayCommand, webhookTestCommand } from './webhook-deliveries.ts';
import { webhookListCommand, webhookShowCommand } from './webhook-show.ts';

/** `vcc-pki webhook …` */
export function webhookCommand(context: CliContext): Command {
  return new Command('webhook')
    .summary('have others told what happens')
    .description('Subscriptions to events: who is told what, and whether it arrives.')
    .addCommand(webhookCreateCommand(context))
    .addCommand(webhookListCommand(context))
    .addCommand(webhookShowCommand(context))
    .addCommand(webhookDeleteCommand(context))
    .addCommand(webhookTestCommand(context))
    .addCommand(webhookDeliveriesCommand(context))
    .addCommand(webhookReplayCommand(context));
}
