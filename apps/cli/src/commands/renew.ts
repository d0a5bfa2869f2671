import { createPrivateKey, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import type { CertificateResource } from '@vcc-pki/api';
import { CertificateFiles, type CertificateWish, certificatePaths, obtainCertificate } from '@vcc-pki/client';
import { generateKey, type KeyType, keyTypes } from '@vcc-pki/signer';
import { Command, Option } from 'commander';
import { CliError } from '../cli-error.ts';
import type { ApiClient } from '../connection/api-client.ts';
import type { CliContext } from '../context.ts';
import type { GlobalOptions } from '../global-options.ts';
import { withExamples } from '../help.ts';
import { writeObtained } from '../obtained-text.ts';
import { isServiceId, type ValidityMember, validityLength } from '../option-parsers.ts';
import { readPem } from '../read-pem.ts';
import { withClient } from '../with-client.ts';

interface RenewOptions extends GlobalOptions {
  readonly out: string;
  readonly keyType?: KeyType;
  readonly keepKey?: true;
  readonly validity?: ValidityMember;
}

/** `vcc-pki renew` */
export function renewCommand(context: CliContext): Command {
  const command = new Command('renew')
    .summary('get a new certificate with the names of an old one')
    .description(
      'Get a new certificate with the names of an old one, for a new key. The old one stays valid to its end; its files are kept in previous/.',
    )
    .argument('<id>', 'certificate id or service id')
    .option('--out <folder>', 'folder in which the folder of the service is', 'service_certificates')
    .addOption(new Option('--key-type <type>', 'kind of the new key (default: as the old one)').choices(keyTypes))
    .addOption(new Option('--keep-key', 'keep the private key that is in the folder').conflicts('keyType'))
    .addOption(
      new Option('--validity <length>', 'days (90) or hours (12h); default: configuration of the server').argParser(
        validityLength,
      ),
    )
    .action(async (id: string) => runRenew(id, command.optsWithGlobals<RenewOptions>(), context));
  return withExamples(
    command,
    'vcc-pki renew veritas-backend --out ./certs',
    'vcc-pki renew admin-cli --out "$PKI_DIR"',
    'vcc-pki renew veritas-backend --out ./certs --cert certs/veritas-backend/fullchain.pem --key certs/veritas-backend/key.pem',
  );
}

async function runRenew(id: string, options: RenewOptions, context: CliContext): Promise<void> {
  const obtained = await withClient(options, context, async (client) =>
    obtainCertificate(client, await wishFor(id, client, options)),
  );
  writeObtained(obtained, options, context);
}

async function wishFor(id: string, client: ApiClient, options: RenewOptions): Promise<CertificateWish> {
  const old = await client.call<CertificateResource>('getCertificate', { params: { id } });
  if (!isServiceId(old.service_name)) throw new CliError('badAnswer', `"${old.service_name}" is no service id`);
  const folder = join(options.out, old.service_name);
  const keyType = options.keyType ?? keyTypeOf(old);
  return {
    files: CertificateFiles.inFolder(folder),
    operation: 'renewCertificate',
    params: { id },
    members: { ...options.validity },
    commonName: old.common_name,
    keyDescription: options.keepKey === true ? 'kept' : keyType,
    makeKey: () => (options.keepKey === true ? readKey(folder) : generateKey(keyType)),
    mayReplace: true,
  };
}

function keyTypeOf({ key_type: keyType }: CertificateResource): KeyType {
  const known = keyTypes.find((candidate) => candidate === keyType);
  if (known !== undefined) return known;
  throw new CliError('usage', `keys of type ${keyType} are not made here`, {
    advice: `Choose one with --key-type: ${keyTypes.join(', ')}.`,
  });
}

async function readKey(folder: string): Promise<KeyObject> {
  const { key } = certificatePaths(folder);
  return createPrivateKey(await readPem(key, 'PRIVATE KEY', { advice: 'Without --keep-key a new key is made.' }));
}
