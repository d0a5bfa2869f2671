import type { ServiceResource } from '@vcc-pki/api';
import { Command, Option } from 'commander';
import type { CliContext } from '../context.ts';
import type { GlobalOptions } from '../global-options.ts';
import { withExamples } from '../help.ts';
import { collectList, serviceId } from '../option-parsers.ts';
import { writeResult } from '../output.ts';
import { serviceText } from '../service-text.ts';
import { withClient } from '../with-client.ts';

interface ServiceRegisterOptions extends GlobalOptions {
  readonly name?: string;
  readonly type?: string;
  readonly endpoint?: readonly string[];
  readonly healthCheckUrl?: string;
  readonly autoRenew: boolean;
}

/** `vcc-pki service register` */
export function serviceRegisterCommand(context: CliContext): Command {
  const command = new Command('register')
    .summary('register a service, or all of its entry anew')
    .description('Register a service of the whitelist, or all of its entry anew. What is left out is empty.')
    .argument('<service>', 'service id', serviceId)
    .option('--name <text>', 'name for people; the service id when left out')
    .option('--type <word>', 'kind of service, by which others find it')
    .addOption(new Option('--endpoint <url>', 'where it is reached; repeat for several').argParser(collectList))
    .option('--health-check-url <url>', 'what the server calls to see whether it works')
    .option('--no-auto-renew', 'it does not renew its certificates by itself')
    .action(async (service: string) =>
      runRegister(service, command.optsWithGlobals<ServiceRegisterOptions>(), context),
    );
  return withExamples(
    command,
    'vcc-pki service register vpb-backend --type backend --endpoint https://vpb-backend.vcc.local:45678',
    'vcc-pki service register vpb-backend --name "VPB" --health-check-url https://vpb-backend.vcc.local:45678/health',
  );
}

async function runRegister(service: string, options: ServiceRegisterOptions, context: CliContext): Promise<void> {
  const { name = service, type, endpoint, healthCheckUrl, autoRenew } = options;
  const body = {
    service_id: service,
    service_name: name,
    ...(type !== undefined && { service_type: type }),
    ...(endpoint !== undefined && { endpoints: endpoint }),
    ...(healthCheckUrl !== undefined && { health_check_url: healthCheckUrl }),
    auto_renew: autoRenew,
  };
  const entry = await withClient(options, context, (client) =>
    client.call<ServiceResource>('registerService', { body: JSON.stringify(body) }),
  );
  writeResult(context, options, { json: entry, text: () => serviceText(entry, context) });
}
