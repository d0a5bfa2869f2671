import type { RunningServer, ServerOptions } from '@vcc-pki/server';
import { Command, Option } from 'commander';
import { CliError } from '../cli-error.ts';
import type { CliContext } from '../context.ts';
import { developmentPassphrase } from '../development.ts';
import { type GlobalOptions, pkiDirectory } from '../global-options.ts';
import { withExamples } from '../help.ts';
import { explainingFindings, isPkiFolder, loadConfiguration } from '../load-configuration.ts';
import { commandLine } from '../next-commands.ts';
import { portNumber } from '../option-parsers.ts';
import { readPassphrase } from '../passphrase.ts';
import { chosenPorts } from '../ports.ts';
import { announce } from '../serve-announcement.ts';
import { explainStartError } from '../start-error.ts';

interface ServeOptions extends GlobalOptions {
  readonly passphraseFile?: string;
  readonly port?: number;
  readonly publicPort?: number;
  readonly development?: true;
}

/** `vcc-pki serve` */
export function serveCommand(context: CliContext): Command {
  const command = new Command('serve')
    .summary('run the server')
    .description('Run the PKI server until SIGTERM or SIGINT. Its log goes to stderr, one JSON object a line.')
    .option(
      '--passphrase-file <file>',
      'file with the passphrase of the intermediate key (default: $VCC_PKI_PASSPHRASE_FILE, or ask)',
    )
    .addOption(
      new Option('--port <port>', 'port of the API (default: $PKI_PORT, or the configured one)').argParser(portNumber),
    )
    .addOption(
      new Option(
        '--public-port <port>',
        'port of the public listener (default: $PKI_PUBLIC_PORT, or the configured one)',
      ).argParser(portNumber),
    )
    .option('--development', 'create the PKI when there is none, with a passphrase kept in a file; for trying out only')
    .action(async () => runServe(command.optsWithGlobals<ServeOptions>(), context));
  return withExamples(
    command,
    'vcc-pki serve --dir /srv/pki',
    'VCC_PKI_PASSPHRASE_FILE=/run/secrets/pki vcc-pki serve --dir /srv/pki',
    'vcc-pki serve --development',
  );
}

async function runServe(options: ServeOptions, context: CliContext): Promise<void> {
  const directory = pkiDirectory(options, context);
  const ports = chosenPorts(options, context);
  const known = options.development === true ? await developmentPassphrase({ directory, ports, context }) : undefined;
  if (!(await isPkiFolder(directory))) {
    throw new CliError('notInitialized', `there is no PKI in ${directory}`, {
      advice: `Create it with "${commandLine('init', options, context)}", or name its folder with --dir or PKI_DIR.`,
    });
  }
  const passphrase = known ?? (await askedPassphrase(options, context));
  const server = await start({ directory, passphrase, ...ports }, context);
  passphrase.fill(0);
  const stopped = context.untilStopped();
  const { pkiServer } = await loadConfiguration(directory);
  const isConfiguredPort = server.apiUrl.endsWith(`:${pkiServer.port}`);
  announce({ server, isConfiguredPort, isDevelopment: known !== undefined }, options, context);
  await stopped;
  await server.close();
}

function start(options: Omit<ServerOptions, 'clock' | 'logTo'>, context: CliContext): Promise<RunningServer> {
  return explainingFindings(async () => {
    const { startServer } = await import('@vcc-pki/server');
    return startServer({ ...options, clock: context.clock, logTo: context.stderr });
  }).catch((error: unknown) => {
    throw explainStartError(error);
  });
}

function askedPassphrase(options: ServeOptions, context: CliContext): Promise<Uint8Array> {
  const file = options.passphraseFile ?? context.environment.passphraseFile;
  return readPassphrase({ file, subject: 'intermediate key' }, context);
}
