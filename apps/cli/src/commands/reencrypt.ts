import { Command, Option } from 'commander';
import type { CliContext } from '../context.ts';
import { withExamples } from '../help.ts';
import { wholeNumber } from '../option-parsers.ts';
import type { ReencryptOptions } from '../reencryption/run-reencrypt.ts';

/** `vcc-pki reencrypt` */
export function reencryptCommand(context: CliContext): Command {
  const command = new Command('reencrypt')
    .summary('encrypt stored records anew under the primary key')
    .description(
      'Encrypt anew, under the primary key of its line, whatever a database holds under another one, while services read and write. Ctrl+C pauses it with its place kept; the same command goes on there.',
    )
    .argument('<plan>', 'YAML file: line, tenant, database, columns')
    .option('--dry-run', 'only count records by key version; nothing is changed')
    .addOption(
      new Option('--rows-per-second <number>', 'at most this many rows (default: the plan, or 5000)').argParser(
        wholeNumber(1, 1_000_000),
      ),
    )
    .addOption(
      new Option(
        '--settle-seconds <number>',
        'scans count from so long after the promotion: twice the longest poll interval of the writers',
      )
        .argParser(wholeNumber(0, 86_400))
        .default(120),
    )
    .action(async (plan: string) => {
      // Loaded only now: what no other command needs would make each of them slower to start.
      const { runReencrypt } = await import('../reencryption/run-reencrypt.ts');
      await runReencrypt(plan, command.optsWithGlobals<ReencryptOptions>(), context);
    });
  return withExamples(
    command,
    'vcc-pki reencrypt themis.yaml --dry-run',
    'vcc-pki reencrypt themis.yaml --cert themis/fullchain.pem --key themis/key.pem --ca root_ca.pem',
    'vcc-pki reencrypt themis.yaml --rows-per-second 500 --json',
  );
}
