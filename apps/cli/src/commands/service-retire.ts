import type { ServiceResource } from '@vcc-pki/api';
import { Command } from 'commander';
import { confirm } from '../confirm.ts';
import type { CliContext } from '../context.ts';
import type { GlobalOptions } from '../global-options.ts';
import { withExamples } from '../help.ts';
import { serviceId } from '../option-parsers.ts';
import { notice, writeDryRun, writeResult } from '../output.ts';
import { serviceText } from '../service-text.ts';
import { withClient } from '../with-client.ts';

interface ServiceRetireOptions extends GlobalOptions {
  readonly dryRun?: true;
}

/** `vcc-pki service retire` */
export function serviceRetireCommand(context: CliContext): Command {
  const command = new Command('retire')
    .summary('take a service out of service')
    .description('Take a service out of service: others find it no more. Nothing is deleted, no certificate revoked.')
    .argument('<service>', 'service id', serviceId)
    .option('--dry-run', 'show what would be retired and do nothing')
    .action(async (service: string) => runRetire(service, command.optsWithGlobals<ServiceRetireOptions>(), context));
  return withExamples(
    command,
    'vcc-pki service retire vpb-backend --dry-run',
    'vcc-pki service retire vpb-backend --yes',
  );
}

async function runRetire(service: string, options: ServiceRetireOptions, context: CliContext): Promise<void> {
  const params = { service_id: service };
  await withClient(options, context, async (client) => {
    // Looked up first, so that the question shows what is retired.
    const entry = await client.call<ServiceResource>('getService', { params });
    if (options.dryRun === true) {
      return writeDryRun(context, options, { json: entry, text: () => serviceText(entry, context) });
    }
    if (options.yes !== true) notice(context, serviceText(entry, context));
    await confirm('Retire it?', options, context);
    const retired = await client.call<ServiceResource>('retireService', { params });
    writeResult(context, options, { json: retired, text: () => serviceText(retired, context) });
    if (retired.certificate_id === null) return;
    notice(context, `its certificate is still good: vcc-pki revoke ${service} --reason cessationOfOperation`);
  });
}
