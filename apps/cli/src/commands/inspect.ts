import { Command, Option } from 'commander';
import type { CliContext } from '../context.ts';
import { withExamples } from '../help.ts';
import type { InspectOptions } from '../inspect/run-inspect.ts';
import { wholeNumber } from '../option-parsers.ts';

/** `vcc-pki inspect` */
export function inspectCommand(context: CliContext): Command {
  const command = new Command('inspect')
    .summary('show what is in a file, and what is wrong with it')
    .description(
      'Show what is in a file, and what is wrong with it: certificates, requests, CRLs, OCSP requests and responses, certs-only PKCS #7; PEM or DER, found out by itself. Private keys are named, never shown.',
    )
    .argument('<file>', 'file to read, or - for standard input')
    .addOption(
      new Option('--limit <count>', 'most entries of a CRL to show').argParser(wholeNumber(0, 100_000_000)).default(20),
    )
    .action(async (file: string) => {
      // Loaded only now: the lint rules would make every other command slower to start.
      const { runInspect } = await import('../inspect/run-inspect.ts');
      await runInspect(file, command.optsWithGlobals<InspectOptions>(), context);
    });
  return withExamples(
    command,
    'vcc-pki inspect fullchain.pem',
    'vcc-pki inspect intermediate.crl --limit 1000',
    'openssl s_client -connect localhost:8443 -showcerts < /dev/null | vcc-pki inspect -',
  );
}
