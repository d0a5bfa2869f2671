import { writeFileAtomically } from '@vcc-pki/signer';
import { Command, Option } from 'commander';
import { CliError } from '../cli-error.ts';
import type { CliContext } from '../context.ts';
import type { GlobalOptions } from '../global-options.ts';
import { withExamples } from '../help.ts';
import { writeResult } from '../output.ts';
import { withClient } from '../with-client.ts';

interface DownloadOptions extends GlobalOptions {
  readonly format: 'pem' | 'der' | 'pkcs7';
  readonly part?: 'leaf' | 'chain' | 'fullchain';
  readonly out?: string;
}

/** `vcc-pki download` */
export function downloadCommand(context: CliContext): Command {
  const command = new Command('download')
    .summary('download a certificate, or its chain')
    .description('Download a certificate or its chain. There are no private keys to download.')
    .argument('<id>', 'certificate id or service id')
    .addOption(new Option('--format <format>', 'encoding').choices(['pem', 'der', 'pkcs7']).default('pem'))
    .addOption(
      new Option('--part <part>', 'the certificate, its issuers, or both (default: fullchain; with der: leaf)').choices(
        ['leaf', 'chain', 'fullchain'],
      ),
    )
    .option('--out <file>', 'file to write, replaced when it exists (default: stdout)')
    .action(async (id: string) => runDownload(id, command.optsWithGlobals<DownloadOptions>(), context));
  return withExamples(
    command,
    'vcc-pki download veritas-backend > fullchain.pem',
    'vcc-pki download veritas-backend --format der --out veritas-backend.cer',
    'vcc-pki download veritas-backend --format pkcs7 --part chain --out chain.p7b',
  );
}

async function runDownload(id: string, options: DownloadOptions, context: CliContext): Promise<void> {
  const { format, part, out } = options;
  if (out === undefined && format !== 'pem') checkOutputTakesBytes(options, context);
  const bytes = await withClient(options, context, (client) =>
    client.fetch('downloadCertificate', { params: { id }, query: { format, part } }),
  );
  if (out !== undefined) {
    await writeFileAtomically({ path: out, contents: bytes, mode: 0o644, overwrite: 'replace' });
    return writeResult(context, options, { json: { file: out, bytes: bytes.length }, text: () => out });
  }
  if (options.json !== true) return void context.stdout.write(bytes);
  writeResult(context, options, { json: { pem: new TextDecoder().decode(bytes) }, text: () => '' });
}

function checkOutputTakesBytes({ format, json }: DownloadOptions, context: CliContext): void {
  if (json !== true && !context.terminal.isOutputShown) return;
  throw new CliError('usage', `${format} is binary: ${json === true ? 'JSON' : 'the terminal'} cannot show it`, {
    advice: 'Name a file with --out.',
  });
}
