import { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { type GlobalOptions, pkiDirectory } from '../global-options.ts';
import { withExamples } from '../help.ts';
import { loadConfiguration } from '../load-configuration.ts';
import { writeResult } from '../output.ts';

/** `vcc-pki check-config` */
export function checkConfigCommand(context: CliContext): Command {
  const command = new Command('check-config')
    .summary('check the configuration files')
    .description('Check the configuration files: every finding with file, line and what is allowed there.')
    .action(async () => runCheckConfig(command.optsWithGlobals<GlobalOptions>(), context));
  return withExamples(command, 'vcc-pki check-config --dir /srv/pki');
}

async function runCheckConfig(options: GlobalOptions, context: CliContext): Promise<void> {
  const directory = pkiDirectory(options, context);
  await loadConfiguration(directory);
  writeResult(context, options, {
    json: { ok: true, directory, findings: [] },
    text: () => `the configuration in ${directory} is in order`,
  });
}
