import type { KekResource } from '@vcc-pki/api';
import { Command, Option } from 'commander';
import { confirm } from '../confirm.ts';
import type { CliContext } from '../context.ts';
import type { GlobalOptions } from '../global-options.ts';
import { withExamples } from '../help.ts';
import { wholeNumber } from '../option-parsers.ts';
import { notice, writeDryRun, writeResult } from '../output.ts';
import { withClient } from '../with-client.ts';
import { kekText } from './kek-text.ts';

interface MakeOptions extends GlobalOptions {
  readonly kem?: string;
  readonly days?: number;
  readonly dryRun?: true;
}

const daysOption = () =>
  new Option('--days <count>', 'how long new data may be encrypted under it (default: as the server has it)').argParser(
    wholeNumber(1, 730),
  );

/** `vcc-pki kek create` */
export function kekCreateCommand(context: CliContext): Command {
  const command = new Command('create')
    .summary('create a line of key-encryption keys')
    .description('Create a line of key-encryption keys, with a first version that is primary at once.')
    .argument('<line>', 'its name: lower-case letters, digits and hyphens, at most 40')
    .addOption(
      new Option('--kem <name>', 'kind of its key pairs (default: as the server has it)').choices([
        'X25519',
        'P-256',
        'X-Wing',
      ]),
    )
    .addOption(daysOption())
    .action(async (line: string) => {
      const options = command.optsWithGlobals<MakeOptions>();
      const { kem, days } = options;
      const body = JSON.stringify({ line, kem, validity_days: days });
      const kek = await withClient(options, context, (client) => client.call<KekResource>('createKek', { body }));
      writeKek(kek, options, context);
    });
  return withExamples(
    command,
    'vcc-pki kek create themis-main',
    'vcc-pki kek create themis-archive --kem X-Wing --days 365',
  );
}

/** `vcc-pki kek rotate` */
export function kekRotateCommand(context: CliContext): Command {
  const command = new Command('rotate')
    .summary('make the next version of a line')
    .description('Make the next version of a line. It is PENDING until "vcc-pki kek promote" makes it the primary one.')
    .argument('<id>', 'name of a line, or id of one of its versions')
    .addOption(daysOption())
    .option('--dry-run', 'show which line would be rotated and do nothing')
    .action(async (id: string) => runRotate(id, command.optsWithGlobals<MakeOptions>(), context));
  return withExamples(command, 'vcc-pki kek rotate themis-main', 'vcc-pki kek rotate kek_123 --yes --json');
}

async function runRotate(id: string, options: MakeOptions, context: CliContext): Promise<void> {
  await withClient(options, context, async (client) => {
    if (options.dryRun === true) {
      const now = await client.call<KekResource>('getKek', { params: { id } });
      return writeDryRun(context, options, { json: now, text: () => kekText(now, context.clock.now()) });
    }
    await confirm(`Make the next version of the line of ${id}?`, options, context);
    const body = JSON.stringify({ validity_days: options.days });
    const kek = await client.call<KekResource>('rotateKek', { params: { id }, body });
    writeKek(kek, options, context);
    if (kek.state === 'PENDING') notice(context, `when its consumers have it: vcc-pki kek promote ${kek.id}`);
  });
}

function writeKek(kek: KekResource, options: GlobalOptions, context: CliContext): void {
  writeResult(context, options, { json: kek, text: () => kekText(kek, context.clock.now()) });
}
