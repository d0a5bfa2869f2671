import type { CrlResource } from '@vcc-pki/api';
import { encodePem } from '@vcc-pki/asn1';
import { writeFileAtomically } from '@vcc-pki/signer';
import { Command } from 'commander';
import type { ApiClient } from '../connection/api-client.ts';
import { findConnection } from '../connection/connection.ts';
import type { CliContext } from '../context.ts';
import type { GlobalOptions } from '../global-options.ts';
import { withExamples } from '../help.ts';
import { factsText, tableText, writeResult } from '../output.ts';
import { timeText } from '../time-text.ts';
import { withConnection } from '../with-client.ts';

interface CrlShowOptions extends GlobalOptions {
  readonly pem?: string;
  readonly der?: string;
}

/** `vcc-pki crl …` */
export function crlCommand(context: CliContext): Command {
  return new Command('crl')
    .summary('show the revocation list')
    .description('The certificate revocation list.')
    .addCommand(crlShowCommand(context));
}

function crlShowCommand(context: CliContext): Command {
  const command = new Command('show')
    .summary('show the CRL, or write it to a file')
    .description('Show the current CRL, or write it to a file. Needs no client certificate.')
    .option('--pem <file>', 'write the CRL there as PEM, replaced when it exists')
    .option('--der <file>', 'write the CRL there as DER, replaced when it exists')
    .action(async () => runCrlShow(command.optsWithGlobals<CrlShowOptions>(), context));
  return withExamples(
    command,
    'vcc-pki crl show',
    'vcc-pki crl show --pem crl.pem && openssl verify -crl_check -CRLfile crl.pem …',
  );
}

async function runCrlShow(options: CrlShowOptions, context: CliContext): Promise<void> {
  const connection = await findConnection(options, context, 'none');
  const crl = await withConnection(connection, {
    options,
    context,
    use: async (client) => {
      await writeFiles(client, options);
      return client.call<CrlResource>('getCrl');
    },
  });
  writeResult(context, options, { json: crl, text: () => crlText(crl, context.clock.now()) });
}

async function writeFiles(client: ApiClient, { pem, der }: CrlShowOptions): Promise<void> {
  if (pem === undefined && der === undefined) return;
  const list = await client.fetch('getCrl', { accept: 'application/pkix-crl' });
  if (der !== undefined) await writeFileAtomically({ path: der, contents: list, mode: 0o644, overwrite: 'replace' });
  if (pem === undefined) return;
  await writeFileAtomically({ path: pem, contents: encodePem('X509 CRL', list), mode: 0o644, overwrite: 'replace' });
}

function crlText(crl: CrlResource, now: number): string {
  const facts = factsText([
    ['issuer', crl.issuer],
    ['number', crl.crl_number],
    ['this update', timeText(crl.this_update, now)],
    ['next update', timeText(crl.next_update, now)],
    ['address', crl.crl_url],
    ['SHA-256', crl.sha256],
    ['entries', String(crl.entry_count)],
  ]);
  if (crl.entries.length === 0) return facts;
  const rows = crl.entries.map((entry) => [
    entry.serial_number,
    entry.revoked_at,
    entry.reason,
    entry.invalidity_date ?? '',
  ]);
  return `${facts}\n\n${tableText(['serial number', 'revoked at', 'reason', 'invalid since'], rows)}`;
}
