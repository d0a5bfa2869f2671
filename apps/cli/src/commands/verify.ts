import type { PathPurpose, RevocationMode } from '@vcc-pki/x509';
import { pathPurposes } from '@vcc-pki/x509';
import { Command, Option } from 'commander';
import { CliError } from '../cli-error.ts';
import type { CliContext } from '../context.ts';
import { judgePath } from '../explain/judge-path.ts';
import { judgementJson } from '../explain/judgement-json.ts';
import { judgementText } from '../explain/judgement-text.ts';
import { type EvidenceOptions, readEvidence } from '../explain/read-evidence.ts';
import { withExamples } from '../help.ts';
import { collect, instant } from '../option-parsers.ts';
import { writeResult } from '../output.ts';
import { toTimestamp } from '../time-text.ts';

interface VerifyOptions extends EvidenceOptions {
  readonly purpose?: PathPurpose;
  readonly serverName?: string;
  readonly at?: number;
  readonly revocation: RevocationMode;
}

/** `vcc-pki verify` */
export function verifyCommand(context: CliContext): Command {
  const command = new Command('verify')
    .summary('verify a certificate, and explain the verdict')
    .description(
      'Verify that a certificate leads to the root given by --ca, and explain it: the path, every check, where it fails and what would mend it. Needs no server; nothing is fetched.',
    )
    .argument('<file>', 'certificate, PEM or DER; further ones in the file count as --untrusted; - for standard input')
    .addOption(fileOption('--untrusted <file>', 'certificates that may stand between it and the root'))
    .addOption(fileOption('--crl <file>', 'CRLs'))
    .addOption(fileOption('--ocsp <file>', 'OCSP responses'))
    .addOption(new Option('--purpose <purpose>', 'what its key is to be used for').choices(pathPurposes))
    .option('--server-name <name>', 'DNS name or IP address of the server that it must be for')
    .addOption(
      new Option('--at <time>', 'time to verify for: a day, or an RFC 3339 time (default: now)').argParser(instant),
    )
    .addOption(
      new Option('--revocation <mode>', 'whether revocation must be known')
        .choices(['require', 'ifPresent', 'none'])
        .default('ifPresent'),
    )
    .action(async (file: string) => runVerify(file, command.optsWithGlobals<VerifyOptions>(), context));
  return withExamples(
    command,
    'vcc-pki verify certs/veritas-backend/fullchain.pem --ca pki/root_ca.pem --purpose serverAuth --server-name localhost',
    'vcc-pki verify leaf.pem --ca root.pem --untrusted ca.pem --crl root.crl --crl ca.crl --revocation require',
  );
}

function fileOption(flags: string, what: string): Option {
  return new Option(flags, `file with ${what}; repeat it for more`).argParser(collect);
}

async function runVerify(file: string, options: VerifyOptions, context: CliContext): Promise<void> {
  const { fileOf, ...evidence } = await readEvidence(file, options, context);
  const { purpose, serverName, revocation, at = context.clock.now() } = options;
  const judgement = await judgePath({
    ...evidence,
    at,
    revocation,
    ...(purpose !== undefined && { purpose }),
    ...(serverName !== undefined && { serverName }),
  });
  const json = {
    ...judgementJson(judgement, fileOf),
    asked: {
      at: toTimestamp(at),
      purpose: purpose ?? null,
      server_name: serverName ?? null,
      revocation,
    },
  };
  const { error } = judgement;
  if (error === undefined || options.json !== true) {
    writeResult(context, options, { json, text: () => judgementText(judgement, { cli: context, at, fileOf }) });
  }
  if (error === undefined) return;
  throw new CliError('notVerified', `not verified (${error.code}): ${error.message}`, { members: json });
}
