import { createHash } from 'node:crypto';
import type { CreatedTokenResource } from '@vcc-pki/api';
import { DerError, parsePem } from '@vcc-pki/asn1';
import { writeFileAtomically } from '@vcc-pki/signer';
import { parseCertificateRequest, X509Error } from '@vcc-pki/x509';
import { Command, Option } from 'commander';
import { checkWritable } from '../check-writable.ts';
import { CliError } from '../cli-error.ts';
import type { CliContext } from '../context.ts';
import type { GlobalOptions } from '../global-options.ts';
import { withExamples } from '../help.ts';
import { collectList, duration, serviceId, sha256Hex } from '../option-parsers.ts';
import { factsText, notice, writeResult } from '../output.ts';
import { readPem } from '../read-pem.ts';
import { withClient } from '../with-client.ts';
import { namesText } from './token-text.ts';

interface TokenCreateOptions extends GlobalOptions {
  readonly service: string;
  readonly ttl?: number;
  readonly dns?: readonly string[];
  readonly ip?: readonly string[];
  readonly csrKeySha256?: string;
  readonly csr?: string;
  readonly serverUrl?: string;
  readonly comment?: string;
  readonly out?: string;
  readonly force?: true;
}

/** `vcc-pki token create` */
export function tokenCreateCommand(context: CliContext): Command {
  const command = new Command('create')
    .summary('make a token for the first certificate of a service')
    .description('Make a one-time token with which a service gets its first certificate. It is shown this once.')
    .addOption(new Option('--service <id>', 'the service it is for').argParser(serviceId).makeOptionMandatory())
    .addOption(new Option('--ttl <time>', 'how long it may be used: 30m, 1h, 7d').argParser(duration))
    .addOption(new Option('--dns <names>', 'DNS names of the certificate, and no others').argParser(collectList))
    .addOption(new Option('--ip <addresses>', 'addresses of the certificate, and no others').argParser(collectList))
    .addOption(
      new Option('--csr-key-sha256 <hex>', 'only for the key whose SubjectPublicKeyInfo has this SHA-256')
        .argParser(sha256Hex)
        .conflicts('csr'),
    )
    .option('--csr <file>', 'only for the key in this request, PEM')
    .option('--server-url <url>', 'how the service reaches the server, when not by its first name and port')
    .option('--comment <text>', 'what it is for; shown in lists')
    .option('--out <file>', 'write the token there, for its owner alone to read, and do not print it')
    .option('--force', 'replace a file that is there')
    .action(async () => runTokenCreate(command.optsWithGlobals<TokenCreateOptions>(), context));
  return withExamples(
    command,
    'vcc-pki token create --service veritas-backend',
    'vcc-pki token create --service veritas-backend --ttl 15m --dns veritas-backend.vcc.local --out veritas.token',
    'vcc-pki token create --service veritas-backend --csr veritas.csr --json',
  );
}

async function runTokenCreate(options: TokenCreateOptions, context: CliContext): Promise<void> {
  const { service, ttl, dns, ip, serverUrl, comment, out, force } = options;
  if (out !== undefined) await checkWritable(out, { mayReplace: force === true });
  const key = options.csr === undefined ? options.csrKeySha256 : await keyOfRequest(options.csr);
  const body = JSON.stringify({
    service_name: service,
    ttl_seconds: ttl,
    dns,
    ip,
    csr_key_sha256: key,
    server_url: serverUrl,
    comment,
  });
  const created = await withClient(options, context, (client) =>
    client.call<CreatedTokenResource>('createToken', { body }),
  );
  if (out !== undefined)
    await writeFileAtomically({
      path: out,
      contents: `${created.token}\n`,
      mode: 0o600,
      overwrite: force === true ? 'replace' : 'never',
    });
  const { token, ...rest } = created;
  if (options.json !== true) notice(context, factsOf(created));
  writeResult(context, options, {
    json: out === undefined ? created : { ...rest, file: out },
    // Alone on standard output, so that a script can take it as it is.
    text: () => (out === undefined ? token : `written to ${out}`),
  });
}

function factsOf(created: CreatedTokenResource): string {
  return factsText([
    ['token id', created.token_id],
    ['service', created.service_name],
    ['names', namesText(created)],
    ['key', created.csr_key_sha256],
    ['until', created.expires_at],
  ]);
}

/** @throws {@link CliError} */
async function keyOfRequest(file: string): Promise<string> {
  const advice = 'Give a certificate signing request in PEM.';
  const text = await readPem(file, 'CERTIFICATE REQUEST', { advice });
  try {
    const block = parsePem(text).find(({ label }) => label === 'CERTIFICATE REQUEST');
    const { subjectPublicKeyInfo } = parseCertificateRequest(block?.der ?? new Uint8Array(0));
    return createHash('sha256').update(subjectPublicKeyInfo.der).digest('hex');
  } catch (cause) {
    if (!(cause instanceof DerError || cause instanceof X509Error)) throw cause;
    throw new CliError('fileUnreadable', `${file} is no certificate signing request: ${cause.message}`, {
      advice,
      cause,
    });
  }
}
