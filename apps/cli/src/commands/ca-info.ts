import type { CaCertificateResource, CaCertificatesResource } from '@vcc-pki/api';
import { fetchPinnedRoot } from '@vcc-pki/client';
import { writeFileAtomically } from '@vcc-pki/signer';
import { Command, InvalidArgumentError, Option } from 'commander';
import { findConnection, findOrigin } from '../connection/connection.ts';
import type { CliContext } from '../context.ts';
import type { GlobalOptions } from '../global-options.ts';
import { withExamples } from '../help.ts';
import { factsText, writeResult } from '../output.ts';
import { timeText } from '../time-text.ts';
import { withConnection } from '../with-client.ts';

interface CaInfoOptions extends GlobalOptions {
  readonly fingerprint?: string;
  readonly out?: string;
}

/** `vcc-pki ca info` */
export function caInfoCommand(context: CliContext): Command {
  const command = new Command('info')
    .summary('show names, validity and fingerprints')
    .description('Show the certificate authorities: names, validity, fingerprints. Needs no client certificate.')
    .addOption(
      new Option(
        '--fingerprint <sha256>',
        'fingerprint of the root as the operator told it, in place of --ca',
      ).argParser(fingerprint),
    )
    .option('--out <file>', 'write the root certificate there, replaced when it exists')
    .action(async () => runCaInfo(command.optsWithGlobals<CaInfoOptions>(), context));
  return withExamples(
    command,
    'vcc-pki ca info',
    'vcc-pki ca info --server https://pki.vcc.local:8443 --fingerprint 6f1c… --out root_ca.pem',
  );
}

async function runCaInfo(options: CaInfoOptions, context: CliContext): Promise<void> {
  const connection =
    options.fingerprint === undefined
      ? await findConnection(options, context, 'none')
      : await pinnedConnection(options.fingerprint, options, context);
  const { items } = await withConnection(connection, {
    options,
    context,
    use: (client) => client.call<CaCertificatesResource>('listCaCertificates'),
  });
  if (options.out !== undefined) {
    const contents = connection.trustedPem;
    await writeFileAtomically({ path: options.out, contents, mode: 0o644, overwrite: 'replace' });
  }
  const now = context.clock.now();
  writeResult(context, options, { json: { items }, text: () => items.map((ca) => caText(ca, now)).join('\n\n') });
}

async function pinnedConnection(rootFingerprint: string, options: CaInfoOptions, context: CliContext) {
  const origin = await findOrigin(options, context);
  return { origin, trustedPem: await fetchPinnedRoot(origin, rootFingerprint), client: undefined };
}

function caText(ca: CaCertificateResource, now: number): string {
  return factsText([
    ['role', ca.role],
    ['subject', ca.subject],
    ['issuer', ca.issuer],
    ['not before', ca.not_before],
    ['not after', timeText(ca.not_after, now)],
    ['key type', ca.key_type],
    ['serial number', ca.serial_number],
    ['SHA-256', ca.fingerprint_sha256],
  ]);
}

function fingerprint(text: string): string {
  const compact = text.replaceAll(':', '').toLowerCase();
  if (/^[0-9a-f]{64}$/.test(compact)) return compact;
  throw new InvalidArgumentError('A SHA-256 fingerprint has 64 hexadecimal digits.');
}
