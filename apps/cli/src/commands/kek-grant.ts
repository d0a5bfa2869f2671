import type { KekGrantList, KekGrantResource } from '@vcc-pki/api';
import { Command, InvalidArgumentError, Option } from 'commander';
import { confirm } from '../confirm.ts';
import type { CliContext } from '../context.ts';
import type { GlobalOptions } from '../global-options.ts';
import { withExamples } from '../help.ts';
import { collectList, serviceId } from '../option-parsers.ts';
import { tableText, writeDryRun, writeResult } from '../output.ts';
import { withClient } from '../with-client.ts';

interface GrantOptions extends GlobalOptions {
  readonly may: readonly string[];
  readonly dryRun?: true;
}

/** `vcc-pki kek grant` */
export function kekGrantCommand(context: CliContext): Command {
  const command = new Command('grant')
    .summary('let a service use a line')
    .description(
      'Let a service use a line, in place of what it was granted by the API before; what the whitelist says stays.',
    )
    .argument('<line>', 'name of a line, or id of one of its versions')
    .argument('<service>', 'id of the service', serviceId)
    .addOption(
      new Option('--may <grants>', 'read, write, seal: several with commas').argParser(grants).makeOptionMandatory(),
    )
    .action(async (id: string, service: string) => {
      const options = command.optsWithGlobals<GrantOptions>();
      const body = JSON.stringify({ grants: options.may });
      const granted = await withClient(options, context, (client) =>
        client.call<KekGrantResource>('setKekGrant', { params: { id, service_id: service }, body }),
      );
      writeResult(context, options, { json: granted, text: () => grantsTable([granted]) });
    });
  return withExamples(
    command,
    'vcc-pki kek grant themis-main themis --may read,write',
    'vcc-pki kek grant themis-main collector --may seal',
  );
}

/** `vcc-pki kek revoke-grant` */
export function kekRevokeGrantCommand(context: CliContext): Command {
  const command = new Command('revoke-grant')
    .summary('take a grant away')
    .description(
      'Take away what the API granted a service. A secret that it has it keeps: rotate the line, and give up the old version.',
    )
    .argument('<line>', 'name of a line, or id of one of its versions')
    .argument('<service>', 'id of the service', serviceId)
    .option('--dry-run', 'show what would be taken away and do nothing')
    .action(async (id: string, service: string) =>
      runRevokeGrant(id, service, command.optsWithGlobals<GrantOptions>(), context),
    );
  return withExamples(command, 'vcc-pki kek revoke-grant themis-main collector --yes');
}

async function runRevokeGrant(id: string, service: string, options: GrantOptions, context: CliContext): Promise<void> {
  await withClient(options, context, async (client) => {
    if (options.dryRun === true) {
      const list = await client.call<KekGrantList>('listKekGrants', { params: { id } });
      const items = list.items.filter((grant) => grant.service_id === service && grant.source === 'api');
      return writeDryRun(context, options, { json: { items }, text: () => grantsTable(items) });
    }
    await confirm(`Take away what "${service}" may do with the line of ${id}?`, options, context);
    const gone = await client.call<KekGrantResource>('removeKekGrant', { params: { id, service_id: service } });
    writeResult(context, options, { json: gone, text: () => grantsTable([gone]) });
  });
}

/** `vcc-pki kek grants` */
export function kekGrantsCommand(context: CliContext): Command {
  const command = new Command('grants')
    .summary('list who may use a line')
    .description('List who may use a line: by grants of the API, and by entries of the whitelist.')
    .argument('<line>', 'name of a line, or id of one of its versions')
    .action(async (id: string) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const list = await withClient(options, context, (client) =>
        client.call<KekGrantList>('listKekGrants', { params: { id } }),
      );
      writeResult(context, options, { json: list, text: () => grantsTable(list.items) });
    });
  return withExamples(command, 'vcc-pki kek grants themis-main');
}

function grantsTable(items: readonly KekGrantResource[]): string {
  const rows = items.map((grant) => [grant.service_id, grant.grants.join(', '), grant.source]);
  return tableText(['service', 'may', 'by'], rows, 'no grants');
}

function grants(text: string): readonly string[] {
  const values = collectList(text, undefined);
  if (values.every((value) => ['read', 'write', 'seal'].includes(value))) return values;
  throw new InvalidArgumentError('Give some of read, write and seal.');
}
