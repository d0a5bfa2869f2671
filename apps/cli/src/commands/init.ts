import { relative, resolve } from 'node:path';
import type { Initialized } from '@vcc-pki/server';
import { Command, InvalidArgumentError, Option } from 'commander';
import { CliError } from '../cli-error.ts';
import type { CliContext } from '../context.ts';
import { type GlobalOptions, pkiDirectory } from '../global-options.ts';
import { withExamples } from '../help.ts';
import { isPkiFolder } from '../load-configuration.ts';
import { makePki, type PkiPlan } from '../make-pki.ts';
import { commandLine } from '../next-commands.ts';
import { collectList, portNumber } from '../option-parsers.ts';
import { factsText, writeDryRun, writeResult } from '../output.ts';
import { readNewPassphrase } from '../passphrase.ts';
import { chosenPorts } from '../ports.ts';

interface InitOptions extends GlobalOptions {
  readonly passphraseFile?: string;
  readonly rootPassphraseFile?: string;
  readonly organization?: string;
  readonly country?: string;
  readonly state?: string;
  readonly locality?: string;
  readonly dnsName?: readonly string[];
  readonly port?: number;
  readonly publicPort?: number;
  readonly dryRun?: true;
}

/** What is made, before anybody was asked for a passphrase. */
type InitPlan = Omit<PkiPlan, 'passphrase' | 'rootPassphrase'>;

/** `vcc-pki init` */
export function initCommand(context: CliContext): Command {
  const command = new Command('init')
    .summary('create a PKI in an empty folder')
    .description(
      'Create a PKI in an empty folder: root and intermediate CA, configuration, certificates for the server and for admin-cli. Never overwrites.',
    )
    .option('--passphrase-file <file>', 'file with the passphrase for the CA keys (default: ask twice)')
    .option('--root-passphrase-file <file>', 'file with another passphrase for the root key')
    .option('--organization <name>', 'O of both CAs')
    .addOption(new Option('--country <code>', 'C of both CAs, two letters').argParser(countryCode))
    .option('--state <name>', 'ST of both CAs')
    .option('--locality <name>', 'L of both CAs')
    .addOption(
      new Option(
        '--dns-name <names>',
        'names of the server beside localhost; repeat it, or put commas between',
      ).argParser(collectList),
    )
    .addOption(new Option('--port <port>', 'port of the API (default: $PKI_PORT, or 8443)').argParser(portNumber))
    .addOption(
      new Option('--public-port <port>', 'port of the public listener (default: $PKI_PUBLIC_PORT, or 8080)').argParser(
        portNumber,
      ),
    )
    .option('--dry-run', 'show what would be made and make nothing')
    .action(async () => runInit(command.optsWithGlobals<InitOptions>(), context));
  return withExamples(
    command,
    'vcc-pki init --dir /srv/pki',
    'vcc-pki init --dir /srv/pki --organization "VCC Framework" --country DE --dns-name pki.vcc.local --passphrase-file /run/secrets/pki',
    'vcc-pki init --dir /srv/pki --dry-run',
  );
}

async function runInit(options: InitOptions, context: CliContext): Promise<void> {
  const plan = planOf(options, context);
  if (await isPkiFolder(plan.directory)) {
    throw new CliError('alreadyInitialized', `${plan.directory} holds a PKI already; it is left as it is`, {
      advice: `Start it with "${commandLine('serve', options, context)}", or name another folder with --dir.`,
    });
  }
  if (options.dryRun === true) return writePlan(plan, options, context);
  const passphrase = await readNewPassphrase(
    { file: options.passphraseFile ?? context.environment.passphraseFile, subject: 'CA keys' },
    context,
  );
  const rootPassphrase =
    options.rootPassphraseFile === undefined
      ? undefined
      : await readNewPassphrase({ file: options.rootPassphraseFile, subject: 'root key' }, context);
  try {
    const made = await makePki({ ...plan, passphrase, ...(rootPassphrase && { rootPassphrase }) }, context);
    writeMade(made, options, context);
  } finally {
    passphrase.fill(0);
    rootPassphrase?.fill(0);
  }
}

function planOf(options: InitOptions, context: CliContext): InitPlan {
  const { organization, country, state, locality, dnsName } = options;
  return {
    directory: pkiDirectory(options, context),
    subject: {
      ...(organization !== undefined && { organization }),
      ...(country !== undefined && { country }),
      ...(state !== undefined && { state }),
      ...(locality !== undefined && { locality }),
    },
    ...(dnsName && { dnsNames: [...dnsName] }),
    ...chosenPorts(options, context),
  };
}

function writePlan(plan: InitPlan, options: InitOptions, context: CliContext): void {
  writeDryRun(context, options, {
    json: plan,
    text: () =>
      factsText([
        ['folder', plan.directory],
        ['subject', Object.values(plan.subject ?? {}).join(', ')],
        ['names of the server', ['localhost', ...(plan.dnsNames ?? [])].join(', ')],
        ['port', plan.port?.toString()],
        ['public port', plan.publicPort?.toString()],
      ]),
  });
}

function writeMade(made: Initialized, options: InitOptions, context: CliContext): void {
  const { directory, rootFingerprint, intermediateFingerprint, files } = made;
  const text = (): string =>
    [
      factsText([
        ['folder', directory],
        ['root SHA-256', rootFingerprint],
        ['intermediate SHA-256', intermediateFingerprint],
      ]),
      '',
      'Made:',
      ...files.map((file) => `  ${relative(resolve(directory), resolve(file))}`),
      '',
      'Write down the fingerprint of the root: who trusts this PKI for the first time compares it.',
      'Carry away the folder root/ with the key of the root, to where no network is. The server never opens it.',
      '',
      'Next:',
      `  ${commandLine('serve', options, context)}`,
      `  ${commandLine('create-certificate', options, context)} --service veritas-backend --out ./certs`,
      `  ${commandLine('list', options, context)}`,
    ].join('\n');
  writeResult(context, options, {
    json: { directory, root_fingerprint: rootFingerprint, intermediate_fingerprint: intermediateFingerprint, files },
    text,
  });
}

function countryCode(text: string): string {
  if (/^[A-Z]{2}$/.test(text)) return text;
  throw new InvalidArgumentError('A country is two capital letters (ISO 3166-1).');
}
