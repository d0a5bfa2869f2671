import type { ServiceResource } from '@vcc-pki/api';
import { Command, Option } from 'commander';
import { CliError } from '../cli-error.ts';
import type { CliContext } from '../context.ts';
import type { GlobalOptions } from '../global-options.ts';
import { withExamples } from '../help.ts';
import { collectList, serviceId } from '../option-parsers.ts';
import { writeResult } from '../output.ts';
import { serviceText } from '../service-text.ts';
import { withClient } from '../with-client.ts';

interface ServiceUpdateOptions extends GlobalOptions {
  readonly name?: string;
  readonly type?: string;
  readonly endpoint?: readonly string[];
  readonly healthCheckUrl?: string;
  readonly autoRenew?: 'on' | 'off';
}

/** `vcc-pki service update` */
export function serviceUpdateCommand(context: CliContext): Command {
  const command = new Command('update')
    .summary('change parts of an entry')
    .description('Change parts of an entry; what is left out stays. An empty text takes a type or a health check away.')
    .argument('<service>', 'service id', serviceId)
    .option('--name <text>', 'name for people')
    .option('--type <word>', 'kind of service; "" for none')
    .addOption(new Option('--endpoint <url>', 'in place of all endpoints; repeat for several').argParser(collectList))
    .option('--health-check-url <url>', 'what the server calls; "" for nothing')
    .addOption(new Option('--auto-renew <state>', 'whether it renews its certificates').choices(['on', 'off']))
    .action(async (service: string) => runUpdate(service, command.optsWithGlobals<ServiceUpdateOptions>(), context));
  return withExamples(
    command,
    'vcc-pki service update vpb-backend --endpoint https://a.vcc.local:1,https://b.vcc.local:1',
    'vcc-pki service update vpb-backend --health-check-url ""',
  );
}

async function runUpdate(service: string, options: ServiceUpdateOptions, context: CliContext): Promise<void> {
  const { name, type, endpoint, healthCheckUrl, autoRenew } = options;
  const body = {
    ...(name !== undefined && { service_name: name }),
    ...(type !== undefined && { service_type: type === '' ? null : type }),
    ...(endpoint !== undefined && { endpoints: endpoint }),
    ...(healthCheckUrl !== undefined && { health_check_url: healthCheckUrl === '' ? null : healthCheckUrl }),
    ...(autoRenew !== undefined && { auto_renew: autoRenew === 'on' }),
  };
  if (Object.keys(body).length === 0) throw new CliError('usage', 'say what is to be changed');
  const entry = await withClient(options, context, (client) =>
    client.call<ServiceResource>('updateService', { params: { service_id: service }, body: JSON.stringify(body) }),
  );
  writeResult(context, options, { json: entry, text: () => serviceText(entry, context) });
}
