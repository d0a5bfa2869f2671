import { join } from 'node:path';
import { CertificateFiles, obtainCertificate } from '@vcc-pki/client';
import { generateKey, type KeyType, keyTypes } from '@vcc-pki/signer';
import { Command, Option } from 'commander';
import type { CliContext } from '../context.ts';
import type { GlobalOptions } from '../global-options.ts';
import { withExamples } from '../help.ts';
import { writeObtained } from '../obtained-text.ts';
import { collect, collectList, metadataOf, serviceId, type ValidityMember, validityLength } from '../option-parsers.ts';
import { withClient } from '../with-client.ts';

interface CreateOptions extends GlobalOptions {
  readonly service: string;
  readonly cn?: string;
  readonly sanDns?: readonly string[];
  readonly sanIp?: readonly string[];
  readonly sanUri?: readonly string[];
  readonly validity?: ValidityMember;
  readonly keyType: KeyType;
  readonly profile?: string;
  readonly metadata?: readonly string[];
  readonly out: string;
  readonly force?: true;
}

/** `vcc-pki create-certificate` */
export function createCertificateCommand(context: CliContext): Command {
  const command = new Command('create-certificate')
    .summary('make a key here and get a certificate for it')
    .description(
      'Make a key here and get a certificate for it. The key never leaves this machine. Run again after an interruption, it finishes what was begun.',
    )
    .addOption(new Option('--service <id>', 'service of the whitelist').argParser(serviceId).makeOptionMandatory())
    .option('--cn <name>', 'common name (default: the first DNS name, or the service)')
    .addOption(new Option('--san-dns <names>', 'DNS names; repeat it, or put commas between').argParser(collectList))
    .addOption(new Option('--san-ip <addresses>', 'IP addresses; likewise').argParser(collectList))
    .addOption(new Option('--san-uri <uri>', 'URI; repeat it for more').argParser(collect))
    .addOption(
      new Option('--validity <length>', 'days (90) or hours (12h); default: configuration of the server').argParser(
        validityLength,
      ),
    )
    .addOption(new Option('--key-type <type>', 'kind of key').choices(keyTypes).default('P-256'))
    .option('--profile <name>', 'certificate profile (default: service, for both ends of mTLS)')
    .addOption(new Option('--metadata <name=value>', 'a fact to keep with it; repeat it for more').argParser(collect))
    .option('--out <folder>', 'folder in which the folder of the service is made', 'service_certificates')
    .option('--force', 'replace a pair that is there; it is kept in previous/')
    .action(async () => runCreate(command.optsWithGlobals<CreateOptions>(), context));
  return withExamples(
    command,
    'vcc-pki create-certificate --service veritas-backend --out ./certs',
    'vcc-pki create-certificate --service covina-backend --cn covina.vcc.local --san-dns covina.vcc.local,localhost --san-ip 127.0.0.1',
    'vcc-pki create-certificate --service test-runner --validity 12h --key-type Ed25519',
  );
}

async function runCreate(options: CreateOptions, context: CliContext): Promise<void> {
  const wish = {
    files: CertificateFiles.inFolder(join(options.out, options.service)),
    operation: 'requestCertificate',
    members: membersOf(options),
    commonName: options.cn,
    keyDescription: options.keyType,
    makeKey: () => generateKey(options.keyType),
    mayReplace: options.force === true,
  } as const;
  const obtained = await withClient(options, context, (client) => obtainCertificate(client, wish));
  writeObtained(obtained, options, context);
}

/** What the options say, in the members of the request; the order of names is kept. */
function membersOf(options: CreateOptions): Readonly<Record<string, unknown>> {
  return {
    service_name: options.service,
    ...(options.cn !== undefined && { common_name: options.cn }),
    ...(options.sanDns && { san_dns: options.sanDns }),
    ...(options.sanIp && { san_ip: options.sanIp }),
    ...(options.sanUri && { san_uri: options.sanUri }),
    ...options.validity,
    key_type: options.keyType,
    ...(options.profile !== undefined && { profile: options.profile }),
    ...(options.metadata && { metadata: metadataOf(options.metadata) }),
  };
}
