import { ClientError, ServerRefusal } from '@vcc-pki/client/keeper';
import { SignerError } from '@vcc-pki/signer';
import { CommanderError } from 'commander';
import { CliError } from './cli-error.ts';
import { fromClientError } from './connection/client-failure.ts';
import type { CliContext } from './context.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { factsText, notice, printable, styled } from './output.ts';

/** What is told about a failure, to people line by line and to programs as one document. */
interface Report {
  readonly exitCode: ExitCode;
  readonly message: string;
  readonly lines?: readonly string[];
  readonly facts: readonly (readonly [string, string | undefined])[];
  readonly document: unknown;
}

/** Tells what went wrong: on stderr, or with `--json` as a document on stdout. Returns the exit code. */
export function reportError(
  error: unknown,
  context: CliContext,
  { asJson, verbose }: { readonly asJson: boolean; readonly verbose: boolean },
): ExitCode {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return exitCodes.ok;
    // Without a command there is nothing to tell but the help, which is on stderr already.
    if (error.code === 'commander.help' && !asJson) return exitCodes.usage;
  }
  const report = reportOf(error);
  if (verbose && error instanceof Error) notice(context, styled(context, 'dim', String(error.stack)));
  if (asJson) {
    context.stdout.write(`${JSON.stringify(report.document, null, 2)}\n`);
    return report.exitCode;
  }
  notice(context, `${styled(context, 'red', 'error:')} ${printable(report.message)}`);
  for (const line of report.lines ?? []) notice(context, `  ${printable(line)}`);
  const facts = factsText(report.facts);
  if (facts !== '') notice(context, facts.replace(/^/gm, '  '));
  return report.exitCode;
}

function reportOf(error: unknown): Report {
  if (error instanceof ServerRefusal) return refusalReport(error);
  if (error instanceof CliError) return cliReport(error);
  if (error instanceof ClientError) return cliReport(fromClientError(error));
  if (error instanceof CommanderError) return usageReport(error);
  if (error instanceof SignerError) return plainReport(error.code, error.message);
  return plainReport('internal', error instanceof Error ? error.message : String(error));
}

function refusalReport({ code, problem }: ServerRefusal): Report {
  const { title, detail, field, advice, request_id: requestId } = problem;
  return {
    exitCode: code === 'notFound' ? exitCodes.notFound : exitCodes.failed,
    message: detail === undefined ? title : `${title}: ${detail}`,
    facts: [
      ['field', field],
      ['code', code],
      ['advice', advice],
      ['request id', requestId],
    ],
    document: problem,
  };
}

function cliReport({ exitCode, code, message, advice, lines, members }: CliError): Report {
  const document = { code, detail: message, ...(advice !== undefined && { advice }), ...members };
  return { exitCode, message, lines, facts: [['advice', advice]], document };
}

function plainReport(code: string, message: string): Report {
  return { exitCode: exitCodes.failed, message, facts: [], document: { code, detail: message } };
}

/** Commander puts "error: " and its suggestion into one text. */
function usageReport(error: CommanderError): Report {
  const text = error.code === 'commander.help' ? 'a command is missing' : error.message;
  const [message = '', ...suggestions] = text.replace(/^error: /, '').split('\n');
  const advice = suggestions.join(' ').replace(/^\((.*)\)$/, '$1') || 'See --help.';
  return cliReport(new CliError('usage', message, { advice }));
}
