import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClientIdentity } from '@vcc-pki/client';
import { CliError } from '../cli-error.ts';
import type { CliContext } from '../context.ts';
import { type GlobalOptions, pkiDirectory } from '../global-options.ts';
import { readPem } from '../read-pem.ts';
import { toTimestamp } from '../time-text.ts';
import { configuredPort } from './configured-port.ts';

/** Where the server is, whom to trust there, and who is asking. */
export interface TrustedConnection {
  /** `https://host:port` */
  readonly origin: string;
  /** Root certificates in PEM, the only ones that are trusted. */
  readonly trustedPem: string;
  readonly client: ClientIdentity | undefined;
}

/**
 * Finds server, client certificate and trust through the options or the folder of the PKI.
 * @param identity `required` for what only a known client may do; with `none` no client certificate is shown.
 * @throws {@link CliError} `noClientCertificate`, `clientCertificateExpired`, `fileUnreadable`, `usage`
 */
export async function findConnection(
  options: GlobalOptions,
  context: CliContext,
  identity: 'required' | 'none',
): Promise<TrustedConnection> {
  const directory = pkiDirectory(options, context);
  return {
    origin: await findOrigin(options, context),
    trustedPem: await readPem(options.ca ?? join(directory, 'root_ca.pem'), 'CERTIFICATE', {
      advice: 'Name the root certificate with --ca, or the folder of the PKI with --dir or PKI_DIR.',
    }),
    client: identity === 'required' ? await findIdentity(options, context) : undefined,
  };
}

/** The origin of the server. @throws {@link CliError} `usage` */
export async function findOrigin(options: GlobalOptions, context: CliContext): Promise<string> {
  if (options.server !== undefined) return parseOrigin(options.server);
  const port = context.environment.port ?? (await configuredPort(pkiDirectory(options, context)));
  return parseOrigin(`https://localhost:${port}`);
}

function parseOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:' || url.pathname !== '/' || url.search !== '' || url.username !== '') {
    throw new CliError('usage', `"${text}" is not the address of a PKI server`, {
      advice: 'Give --server as https://HOST:PORT.',
    });
  }
  return url.origin;
}

async function findIdentity(options: GlobalOptions, context: CliContext): Promise<ClientIdentity> {
  const folder = join(pkiDirectory(options, context), 'admin-cli');
  const certFile = options.cert ?? join(folder, 'fullchain.pem');
  const keyFile = options.key ?? join(folder, 'key.pem');
  const advice = 'Name a client certificate with --cert and --key, or the folder of the PKI with --dir or PKI_DIR.';
  const certificatePem = await readPem(certFile, 'CERTIFICATE', { advice, code: 'noClientCertificate' });
  const keyPem = await readFile(keyFile, 'utf8').catch((cause: unknown) => {
    throw new CliError('noClientCertificate', `cannot read the key of the client certificate, ${keyFile}`, {
      advice,
      cause,
    });
  });
  checkIsValidNow(new X509Certificate(certificatePem), certFile, context.clock.now());
  return { certificatePem, keyPem };
}

/** Told here, because in the handshake an expired client certificate is an alert without a reason. */
function checkIsValidNow(certificate: X509Certificate, file: string, now: number): void {
  if (now > certificate.validToDate.getTime()) {
    throw new CliError(
      'clientCertificateExpired',
      `the client certificate ${file} expired on ${toTimestamp(certificate.validToDate.getTime())}`,
      {
        advice:
          'Use another one with --cert and --key. A certificate is renewed before its end: "vcc-pki renew SERVICE --out FOLDER".',
      },
    );
  }
  if (now < certificate.validFromDate.getTime()) {
    throw new CliError(
      'clientCertificateExpired',
      `the client certificate ${file} is valid only from ${toTimestamp(certificate.validFromDate.getTime())}`,
      {
        advice: 'Set the clock of this machine; it says that this is in the future.',
      },
    );
  }
}
