import type { CertificateResource } from '@vcc-pki/api';
import { Command } from 'commander';
import { certificateText } from '../certificate-text.ts';
import type { CliContext } from '../context.ts';
import type { GlobalOptions } from '../global-options.ts';
import { withExamples } from '../help.ts';
import { writeResult } from '../output.ts';
import { withClient } from '../with-client.ts';

/** `vcc-pki show` */
export function showCommand(context: CliContext): Command {
  const command = new Command('show')
    .summary('show a certificate')
    .description('Show a certificate: by its id, or the current one of a service.')
    .argument('<id>', 'certificate id or service id')
    .action(async (id: string) => runShow(id, command.optsWithGlobals<GlobalOptions>(), context));
  return withExamples(
    command,
    'vcc-pki show veritas-backend',
    'vcc-pki show cert_veritas_backend_20251013_k3v9x2m7q4 --json',
  );
}

async function runShow(id: string, options: GlobalOptions, context: CliContext): Promise<void> {
  const certificate = await withClient(options, context, (client) =>
    client.call<CertificateResource>('getCertificate', { params: { id } }),
  );
  writeResult(context, options, { json: certificate, text: () => certificateText(certificate, context) });
}
