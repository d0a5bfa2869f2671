import type { RunningServer } from '@vcc-pki/server';
import type { CliContext } from './context.ts';
import { type GlobalOptions, pkiDirectory } from './global-options.ts';
import { commandLine } from './next-commands.ts';
import { factsText, notice, styled, writeResult } from './output.ts';

/** A server that listens, and what has to be known about how. */
export interface Announcement {
  readonly server: RunningServer;
  /** Commands in other terminals find the server through the configuration. */
  readonly isConfiguredPort: boolean;
  /** Its passphrase lies beside its keys. */
  readonly isDevelopment: boolean;
}

/** Tells that the server listens, where, and what to type next; warns of what should not be. */
export function announce(announcement: Announcement, options: GlobalOptions, context: CliContext): void {
  const { apiUrl, publicUrl, rootFingerprint } = announcement.server;
  const directory = pkiDirectory(options, context);
  writeResult(context, options, {
    json: { api_url: apiUrl, public_url: publicUrl, root_fingerprint: rootFingerprint, directory },
    text: () =>
      [
        factsText([
          ['API', `${apiUrl} (client certificate needed; ${apiUrl}/api/v1/docs needs none)`],
          ['public', `${publicUrl} (CRLs, CA certificates, /health)`],
          ['folder', directory],
          ['root SHA-256', rootFingerprint],
        ]),
        '',
        'Next, in another terminal:',
        ...nextCommands(announcement, options, context).map((line) => `  ${line}`),
        '',
      ].join('\n'),
  });
  const warning = warningOf(announcement);
  if (warning !== undefined) notice(context, styled(context, 'yellow', `warning: ${warning}`));
}

/** In development the root lies there on purpose, and one warning is read where two are not. */
function warningOf({ server, isDevelopment }: Announcement): string | undefined {
  if (isDevelopment) return 'the passphrase lies beside the keys it protects; never run it like this where it matters';
  return server.rootKeyPresent ? 'the key of the root lies beside the server; carry the folder root/ away' : undefined;
}

function nextCommands(
  { server: { apiUrl }, isConfiguredPort }: Announcement,
  options: GlobalOptions,
  context: CliContext,
): readonly string[] {
  const where = isConfiguredPort ? '' : ` --server ${apiUrl}`;
  const files = 'certs/veritas-backend';
  return [
    `${commandLine('create-certificate', options, context)}${where} --service veritas-backend --out ./certs`,
    `${commandLine('list', options, context)}${where}`,
    `curl --cert ${files}/fullchain.pem --key ${files}/key.pem --cacert ${files}/root-ca.pem ${apiUrl}/api/v1/certificates/veritas-backend`,
  ];
}
