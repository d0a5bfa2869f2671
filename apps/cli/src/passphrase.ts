import { readFile, stat } from 'node:fs/promises';
import { platform } from 'node:os';
import { CliError } from './cli-error.ts';
import type { CliContext } from './context.ts';
import { notice } from './output.ts';
import { reasonOf } from './read-pem.ts';

/**
 * Fewest characters of a new passphrase. NIST SP 800-63B-4 s3.1.1.2 asks for 15 where the passphrase alone protects and
 * for 8 where it stands beside something else; here it stands beside the file, and every guess costs 600,000 hashes.
 */
const shortestPassphrase = 12;

/** Where a passphrase may come from. */
export interface PassphraseSource {
  /** `--passphrase-file` or its environment variable. */
  readonly file: string | undefined;
  /** What it opens, for the question: `intermediate key`. */
  readonly subject: string;
}

/** Reads a passphrase from its file, or asks for it once. @throws {@link CliError} `badPassphrase`, `noTerminal`, `interrupted` */
export async function readPassphrase(source: PassphraseSource, context: CliContext): Promise<Uint8Array> {
  if (source.file !== undefined) return readPassphraseFile(source.file, context);
  checkCanAsk(context);
  return toOctets(await context.terminal.askSecret(`Passphrase of the ${source.subject}: `));
}

/** Reads a new passphrase from its file, or asks for it twice. @throws {@link CliError} as {@link readPassphrase} */
export async function readNewPassphrase(source: PassphraseSource, context: CliContext): Promise<Uint8Array> {
  if (source.file !== undefined) {
    const passphrase = await readPassphraseFile(source.file, context);
    checkLength(new TextDecoder().decode(passphrase));
    return passphrase;
  }
  checkCanAsk(context);
  const first = await context.terminal.askSecret(
    `New passphrase for the ${source.subject} (at least ${shortestPassphrase} characters): `,
  );
  checkLength(first);
  const second = await context.terminal.askSecret('The same again: ');
  if (first !== second) throw new CliError('badPassphrase', 'the two passphrases are not the same');
  return toOctets(first);
}

/** One line; the newline that editors and `echo` put behind it does not belong to the passphrase. */
async function readPassphraseFile(path: string, context: CliContext): Promise<Uint8Array> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new CliError('badPassphrase', `cannot read the passphrase from ${path}: ${reasonOf(cause)}`, { cause });
  });
  const passphrase = text.replace(/\r?\n$/, '');
  if (passphrase === '' || /[\r\n]/.test(passphrase)) {
    throw new CliError('badPassphrase', `${path} must hold one line, the passphrase`);
  }
  // No refusal: secrets that Kubernetes and Docker mount are readable by all inside the container.
  if (platform() !== 'win32' && ((await stat(path)).mode & 0o077) !== 0) {
    notice(context, `warning: others may read ${path}; chmod 0600 it`);
  }
  return toOctets(passphrase);
}

function checkLength(passphrase: string): void {
  if ([...passphrase].length >= shortestPassphrase) return;
  throw new CliError('badPassphrase', `a passphrase needs at least ${shortestPassphrase} characters`);
}

function checkCanAsk(context: CliContext): void {
  if (context.terminal.isInteractive) return;
  throw new CliError('noTerminal', 'there is no terminal to ask for the passphrase', {
    advice: 'Name a file that holds it with --passphrase-file or VCC_PKI_PASSPHRASE_FILE.',
  });
}

/** The same text typed on two systems may come in two forms of Unicode; NFC makes them one (RFC 8265 s4.2.2). */
function toOctets(passphrase: string): Uint8Array {
  return new TextEncoder().encode(passphrase.normalize('NFC'));
}
