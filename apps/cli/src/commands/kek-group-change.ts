import type { KekGroupResource } from '@vcc-pki/api';
import { Command, Option } from 'commander';
import { confirm } from '../confirm.ts';
import type { CliContext } from '../context.ts';
import type { GlobalOptions } from '../global-options.ts';
import { withExamples } from '../help.ts';
import { serviceId } from '../option-parsers.ts';
import { writeDryRun, writeResult } from '../output.ts';
import { withClient } from '../with-client.ts';
import { groupText, withGroupArguments } from './kek-group-text.ts';

interface CreateOptions extends GlobalOptions {
  readonly mode: string;
}

interface ChangeOptions extends GlobalOptions {
  readonly comment?: string;
  readonly dryRun?: true;
}

/** What a group is named by in a path of the API. */
interface GroupParams {
  readonly id: string;
  readonly tenant: string;
  readonly group: string;
}

/** `vcc-pki kek group create` */
export function kekGroupCreateCommand(context: CliContext): Command {
  const command = withGroupArguments(new Command('create'))
    .summary('create a group of a line')
    .description('Create a group without members, in epoch 1. Its name is never given again.')
    .addOption(
      new Option('--mode <mode>', 'sealed: a random key for members alone; derived: from the KEK')
        .choices(['sealed', 'derived'])
        .default('sealed'),
    )
    .action(async (id: string, tenant: string, group: string) => {
      const options = command.optsWithGlobals<CreateOptions>();
      const body = JSON.stringify({ tenant, group, mode: options.mode });
      const made = await withClient(options, context, (client) =>
        client.call<KekGroupResource>('createKekGroup', { params: { id }, body }),
      );
      writeGroup(made, options, context);
    });
  return withExamples(command, 'vcc-pki kek group create themis-main acme doctors');
}

/** `vcc-pki kek group add-member` */
export function kekGroupAddMemberCommand(context: CliContext): Command {
  const command = withGroupArguments(new Command('add-member'))
    .summary('add a service to a group')
    .description('Add a service to a group. With a grant on the line it is given the keys, of older epochs too.')
    .argument('<service>', 'id of the service', serviceId)
    .action(async (id: string, tenant: string, group: string, service: string) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const params = { id, tenant, group, service_id: service };
      const changed = await withClient(options, context, (client) =>
        client.call<KekGroupResource>('addKekGroupMember', { params }),
      );
      writeGroup(changed, options, context);
    });
  return withExamples(command, 'vcc-pki kek group add-member themis-main acme doctors themis');
}

/** `vcc-pki kek group remove-member` */
export function kekGroupRemoveMemberCommand(context: CliContext): Command {
  const command = withGroupArguments(new Command('remove-member'))
    .summary('remove a service from a group')
    .description(
      'Remove a service from a group, and begin the next epoch with a new key in the same step. A key that it has it keeps: encrypt anew what is old.',
    )
    .argument('<service>', 'id of the service', serviceId)
    .option('--dry-run', 'show the group and do nothing')
    .action(async (id: string, tenant: string, group: string, service: string) =>
      runChange(
        {
          params: { id, tenant, group },
          question: `Remove "${service}" from ${group}, and begin the next epoch?`,
          route: 'removeKekGroupMember',
          call: { params: { id, tenant, group, service_id: service } },
        },
        command.optsWithGlobals<ChangeOptions>(),
        context,
      ),
    );
  return withExamples(
    command,
    'vcc-pki kek group remove-member themis-main acme doctors themis --dry-run',
    'vcc-pki kek group remove-member themis-main acme doctors themis --yes',
  );
}

/** `vcc-pki kek group next-epoch` */
export function kekGroupNextEpochCommand(context: CliContext): Command {
  const command = withGroupArguments(new Command('next-epoch'))
    .summary('begin the next epoch of a group')
    .description('Begin the next epoch of a group, with a new key. What is of older epochs is read as before.')
    .option('--comment <text>', 'for the audit log')
    .option('--dry-run', 'show the group and do nothing')
    .action(async (id: string, tenant: string, group: string) => {
      const options = command.optsWithGlobals<ChangeOptions>();
      const params = { id, tenant, group };
      const call = { params, body: JSON.stringify({ comment: options.comment }) };
      const question = `Begin the next epoch of ${group}?`;
      await runChange({ params, question, route: 'nextKekGroupEpoch', call }, options, context);
    });
  return withExamples(command, 'vcc-pki kek group next-epoch themis-main acme doctors --yes');
}

interface Change {
  readonly params: GroupParams;
  readonly question: string;
  readonly route: 'removeKekGroupMember' | 'nextKekGroupEpoch';
  /** What the change is called with. */
  readonly call: { readonly params: Readonly<Record<string, string>>; readonly body?: string };
}

async function runChange(change: Change, options: ChangeOptions, context: CliContext): Promise<void> {
  const { params, question, route, call } = change;
  await withClient(options, context, async (client) => {
    if (options.dryRun === true) {
      const group = await client.call<KekGroupResource>('getKekGroup', { params: { ...params } });
      return writeDryRun(context, options, { json: group, text: () => groupText(group, context.clock.now()) });
    }
    await confirm(question, options, context);
    writeGroup(await client.call<KekGroupResource>(route, call), options, context);
  });
}

function writeGroup(group: KekGroupResource, options: GlobalOptions, context: CliContext): void {
  writeResult(context, options, { json: group, text: () => groupText(group, context.clock.now()) });
}
