import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readIfThere } from '@vcc-pki/client';
import { writeFileAtomically } from '@vcc-pki/signer';
import type { CliContext } from './context.ts';
import { isPkiFolder } from './load-configuration.ts';
import { makePki } from './make-pki.ts';
import { notice, styled } from './output.ts';
import type { ChosenPorts } from './ports.ts';

const fileName = 'development-passphrase';

/**
 * The passphrase of a PKI for trying out, which is created when there is none.
 * @returns undefined for a PKI that was made by `init`: its passphrase is in no file here.
 */
export async function developmentPassphrase(options: {
  readonly directory: string;
  readonly ports: ChosenPorts;
  readonly context: CliContext;
}): Promise<Uint8Array | undefined> {
  const { directory, ports, context } = options;
  const file = join(directory, fileName);
  const known = await readIfThere(file);
  if (await isPkiFolder(directory)) return known === undefined ? undefined : toOctets(known);
  notice(
    context,
    styled(context, 'yellow', `creating a PKI for development in ${directory}; its passphrase is kept in ${file}`),
  );
  // On disk before the keys that it opens: a run that was interrupted here is simply repeated.
  const passphrase = toOctets(known ?? (await writeNewPassphrase(directory, file)));
  await makePki({ directory, passphrase, ...ports }, context);
  return passphrase;
}

async function writeNewPassphrase(directory: string, file: string): Promise<string> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const passphrase = randomBytes(32).toString('base64url');
  await writeFileAtomically({ path: file, contents: `${passphrase}\n`, mode: 0o600, overwrite: 'never' });
  return passphrase;
}

function toOctets(text: string): Uint8Array {
  return new TextEncoder().encode(text.trimEnd());
}
