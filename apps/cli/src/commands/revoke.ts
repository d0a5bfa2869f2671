import {
  type CertificateResource,
  type RevocationReasonWord,
  type RevocationResource,
  revocationReasonOf,
  revocationReasonWords,
  type SerialCheckResource,
} from '@vcc-pki/api';
import { Command, Option } from 'commander';
import { CliError } from '../cli-error.ts';
import { confirm } from '../confirm.ts';
import type { ApiClient } from '../connection/api-client.ts';
import type { CliContext } from '../context.ts';
import type { GlobalOptions } from '../global-options.ts';
import { withExamples } from '../help.ts';
import { timestamp } from '../option-parsers.ts';
import { factsText, notice, writeDryRun, writeResult } from '../output.ts';
import { withClient } from '../with-client.ts';

interface RevokeOptions extends GlobalOptions {
  readonly serial?: string;
  readonly reason: RevocationReasonWord;
  readonly comment?: string;
  readonly invalidSince?: string;
  readonly dryRun?: true;
}

/** `vcc-pki revoke` */
export function revokeCommand(context: CliContext): Command {
  const command = new Command('revoke')
    .summary('revoke a certificate for good')
    .description('Revoke a certificate for good. Asks before it does so. A service id means its current certificate.')
    .argument('[id]', 'certificate id or service id')
    .option('--serial <number>', 'serial number in hex or decimal, in place of the id')
    .addOption(
      new Option('--reason <reason>', 'why: a name of RFC 5280, or one of the five words that mean one')
        .choices(revocationReasonWords)
        .makeOptionMandatory(),
    )
    .option('--comment <text>', 'for the audit log')
    .addOption(
      new Option('--invalid-since <time>', 'since when the key is in other hands, as far as is known').argParser(
        timestamp,
      ),
    )
    .option('--dry-run', 'show what would be revoked and do nothing')
    .action(async (id: string | undefined) => runRevoke(id, command.optsWithGlobals<RevokeOptions>(), context));
  return withExamples(
    command,
    'vcc-pki revoke veritas-backend --reason superseded --dry-run',
    'vcc-pki revoke cert_veritas_backend_20251013_k3v9x2m7q4 --reason keyCompromise --invalid-since 2025-11-20',
    'vcc-pki revoke --serial 4f:9a:01:… --reason cessationOfOperation --yes',
  );
}

async function runRevoke(id: string | undefined, options: RevokeOptions, context: CliContext): Promise<void> {
  if ((id === undefined) === (options.serial === undefined)) {
    throw new CliError('usage', 'name one certificate: by its id, or with --serial');
  }
  await withClient(options, context, async (client) => {
    const target = await findTarget(client, id, options.serial);
    if (options.dryRun === true) return writeTarget(target, options, context);
    if (options.yes !== true) notice(context, targetText(target, options));
    await confirm('Revoke it for good?', options, context);
    const revocation = await revoke(client, target, options);
    writeResult(context, options, { json: revocation, text: () => revocationText(revocation) });
  });
}

/** Looked up first, so that the question names a certificate, and so that the same one is revoked that was shown. */
async function findTarget(
  client: ApiClient,
  id: string | undefined,
  serial: string | undefined,
): Promise<CertificateResource> {
  if (id !== undefined) return client.call<CertificateResource>('getCertificate', { params: { id } });
  const check = await client.call<SerialCheckResource>('checkSerial', { params: { serial: serial ?? '' } });
  return client.call<CertificateResource>('getCertificate', { params: { id: check.certificate_id } });
}

async function revoke(
  client: ApiClient,
  target: CertificateResource,
  options: RevokeOptions,
): Promise<RevocationResource> {
  return client.call<RevocationResource>('revokeCertificate', {
    params: { id: target.certificate_id },
    body: JSON.stringify({
      reason: options.reason,
      ...(options.comment !== undefined && { comment: options.comment }),
      ...(options.invalidSince !== undefined && { invalidity_date: options.invalidSince }),
    }),
  });
}

function writeTarget(target: CertificateResource, options: RevokeOptions, context: CliContext): void {
  const { certificate_id, service_name, common_name, serial_number, status } = target;
  writeDryRun(context, options, {
    json: {
      certificate_id,
      service_name,
      common_name,
      serial_number,
      status,
      reason: revocationReasonOf(options.reason),
    },
    text: () => targetText(target, options),
  });
}

function targetText(target: CertificateResource, options: RevokeOptions): string {
  return factsText([
    ['certificate id', target.certificate_id],
    ['service', target.service_name],
    ['common name', target.common_name],
    ['serial number', target.serial_number],
    ['status', target.status],
    ['reason', revocationReasonOf(options.reason)],
  ]);
}

function revocationText(revocation: RevocationResource): string {
  const facts = factsText([
    ['certificate id', revocation.certificate_id],
    ['service', revocation.service_name],
    ['serial number', revocation.serial_number],
    ['status', revocation.status],
    ['reason', revocation.reason],
    ['revoked at', revocation.revoked_at],
    ['in the CRL', revocation.effective_at],
    ['CRL', revocation.crl_url],
  ]);
  if (revocation.same_key.length === 0) return facts;
  const others = revocation.same_key.map((other) => `  ${other.certificate_id} (${other.status})`);
  return [facts, '', 'other certificates with the same key, to be revoked too:', ...others].join('\n');
}
