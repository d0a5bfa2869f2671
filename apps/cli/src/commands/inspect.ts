import { Command, Option } from 'commander';
import { CliError } from '../cli-error.ts';
import type { CliContext } from '../context.ts';
import type { GlobalOptions } from '../global-options.ts';
import { withExamples } from '../help.ts';
import { describeAll } from '../inspect/describe.ts';
import type { Description } from '../inspect/description.ts';
import { inspectionText } from '../inspect/inspection-text.ts';
import { wholeNumber } from '../option-parsers.ts';
import { writeResult } from '../output.ts';
import { readInput } from '../pki-objects/read-input.ts';

interface InspectOptions extends GlobalOptions {
  readonly limit: number;
}

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
    .action(async (file: string) => runInspect(file, command.optsWithGlobals<InspectOptions>(), context));
  return withExamples(
    command,
    'vcc-pki inspect fullchain.pem',
    'vcc-pki inspect intermediate.crl --limit 1000',
    'openssl s_client -connect localhost:8443 -showcerts < /dev/null | vcc-pki inspect -',
  );
}

async function runInspect(file: string, options: InspectOptions, context: CliContext): Promise<void> {
  const { name, objects } = await readInput(file, context);
  const descriptions = await describeAll(objects, { now: context.clock.now(), limit: options.limit });
  const items = descriptions.map(({ json, findings }) => ({ ...json, ...(findings && { findings }) }));
  const errors = countErrors(descriptions);
  if (errors === 0 || options.json !== true) {
    writeResult(context, options, { json: { items }, text: () => inspectionText(descriptions, context) });
  }
  if (errors === 0) return;
  throw new CliError('lintErrors', `${name} has ${errors === 1 ? 'one error' : `${errors} errors`}`, {
    members: { items },
  });
}

function countErrors(descriptions: readonly Description[]): number {
  return descriptions.flatMap(({ findings = [] }) => findings).filter(({ severity }) => severity === 'error').length;
}
