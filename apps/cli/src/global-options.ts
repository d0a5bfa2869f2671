import { type Command, Option } from 'commander';
import type { CliContext } from './context.ts';

/** What every command understands. */
export interface GlobalOptions {
  readonly dir?: string;
  readonly server?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly ca?: string;
  readonly json?: true;
  readonly yes?: true;
  readonly verbose?: true;
}

/** Adds the options that every command understands, before or behind its name. */
export function addGlobalOptions(program: Command): Command {
  return program
    .addOption(new Option('--dir <folder>', 'folder of the PKI (default: $PKI_DIR, or ./pki)'))
    .addOption(
      new Option(
        '--server <url>',
        'the PKI server (default: https://localhost:$PKI_PORT, or the port configured in --dir)',
      ),
    )
    .addOption(
      new Option('--cert <file>', 'client certificate with its chain (default: <dir>/admin-cli/fullchain.pem)'),
    )
    .addOption(new Option('--key <file>', 'its private key (default: <dir>/admin-cli/key.pem)'))
    .addOption(new Option('--ca <file>', 'root certificate to trust (default: <dir>/root_ca.pem)'))
    .option('--json', 'print JSON, errors too')
    .option('--yes', 'do not ask, do it')
    .option('--verbose', 'tell on stderr what is sent and answered');
}

/** The folder of the PKI: `--dir`, or `PKI_DIR`, or `./pki`. */
export function pkiDirectory(options: GlobalOptions, context: CliContext): string {
  return options.dir ?? context.environment.directory ?? 'pki';
}
