import type { HealthHistory, ServiceResource } from '@vcc-pki/api';
import { Command } from 'commander';
import type { CliContext } from '../context.ts';
import type { GlobalOptions } from '../global-options.ts';
import { withExamples } from '../help.ts';
import { serviceId } from '../option-parsers.ts';
import { tableText, writeResult } from '../output.ts';
import { serviceText } from '../service-text.ts';
import { withClient } from '../with-client.ts';

interface ServiceShowOptions extends GlobalOptions {
  readonly history?: true;
}

/** `vcc-pki service show` */
export function serviceShowCommand(context: CliContext): Command {
  const command = new Command('show')
    .summary('show an entry')
    .description('Show the entry of a service, and with --history how its state has changed.')
    .argument('<service>', 'service id', serviceId)
    .option('--history', 'with the latest changes of its state, newest first')
    .action(async (service: string) => runShow(service, command.optsWithGlobals<ServiceShowOptions>(), context));
  return withExamples(command, 'vcc-pki service show vpb-backend', 'vcc-pki service show vpb-backend --history --json');
}

async function runShow(service: string, options: ServiceShowOptions, context: CliContext): Promise<void> {
  const params = { service_id: service };
  await withClient(options, context, async (client) => {
    const entry = await client.call<ServiceResource>('getService', { params });
    if (options.history !== true) {
      return writeResult(context, options, { json: entry, text: () => serviceText(entry, context) });
    }
    const { items } = await client.call<HealthHistory>('getServiceHealthHistory', { params });
    writeResult(context, options, {
      json: { ...entry, history: items },
      text: () => `${serviceText(entry, context)}\n\n${historyTable(items)}`,
    });
  });
}

function historyTable(items: HealthHistory['items']): string {
  return tableText(
    ['time', 'from', 'to', 'took', 'what was seen'],
    items.map(({ at, previous_status, status, duration_ms, detail }) => [
      ...[at, previous_status, status],
      duration_ms === null ? '' : `${duration_ms} ms`,
      detail,
    ]),
    'no changes',
  );
}
