import type { AuditEntryResource, AuditPage } from '@vcc-pki/api';
import type { AuditChainVerdict, AuditHead } from '@vcc-pki/server';
import { Command, InvalidArgumentError, Option } from 'commander';
import { toAuditRow } from '../audit-row.ts';
import { CliError } from '../cli-error.ts';
import type { ApiClient } from '../connection/api-client.ts';
import type { CliContext } from '../context.ts';
import type { GlobalOptions } from '../global-options.ts';
import { withExamples } from '../help.ts';
import { factsText, writeResult } from '../output.ts';
import { readPages } from '../read-pages.ts';
import { withClient } from '../with-client.ts';

interface AuditVerifyOptions extends GlobalOptions {
  readonly knownHead?: AuditHead;
}

/** `vcc-pki audit verify` */
export function auditVerifyCommand(context: CliContext): Command {
  const command = new Command('verify')
    .summary('recompute the hash chain of the audit log')
    .description(
      'Read the whole audit log and recompute its hash chain here. Prints the head: keep it elsewhere, and a later run proves that nothing before it was rewritten.',
    )
    .addOption(
      new Option(
        '--known-head <entry:hash>',
        'head that an earlier run printed, which the log must still contain',
      ).argParser(headOf),
    )
    .action(async () => runAuditVerify(command.optsWithGlobals<AuditVerifyOptions>(), context));
  return withExamples(command, 'vcc-pki audit verify', 'vcc-pki audit verify --known-head 4711:9c56cc51…');
}

async function runAuditVerify(options: AuditVerifyOptions, context: CliContext): Promise<void> {
  const { canonicalJson, verifyAuditChain } = await import('@vcc-pki/server');
  const entries = await withClient(options, context, readOldestFirst);
  const last = entries.at(-1);
  if (last === undefined)
    throw new CliError('auditBroken', 'the audit log is empty: not even the creation of the PKI is in it');
  const head: AuditHead = { sequence: last.id, hash: last.hash };
  const verdict = await verifyAuditChain(
    entries.map((entry) => toAuditRow(entry, canonicalJson)),
    head,
  );
  if (!verdict.ok) throw brokenAt(verdict);
  if (options.knownHead !== undefined) checkContains(entries, options.knownHead);
  writeResult(context, options, {
    json: { ok: true, entries: verdict.entries, head: `${head.sequence}:${head.hash}` },
    text: () =>
      factsText([
        ['audit log', 'unbroken'],
        ['entries', String(verdict.entries)],
        ['head', `${head.sequence}:${head.hash}`],
      ]),
  });
}

/** The API gives the newest first; a chain is followed from its beginning. */
async function readOldestFirst(client: ApiClient): Promise<readonly AuditEntryResource[]> {
  const { items } = await readPages<AuditEntryResource>(
    (page) => client.call<AuditPage>('listAudit', { query: { ...page } }),
    Number.POSITIVE_INFINITY,
  );
  return items.reverse();
}

function brokenAt({ entries, firstBroken }: Extract<AuditChainVerdict, { ok: false }>): CliError {
  const { sequence, fault } = firstBroken;
  return new CliError(
    'auditBroken',
    `the audit log is broken at entry ${sequence} (${fault}); ${entries} entries before it are good`,
    {
      advice: 'Stop the server, keep a copy of its database and compare it with a backup.',
    },
  );
}

function checkContains(entries: readonly AuditEntryResource[], head: AuditHead): void {
  // Entries are numbered from 1 without gaps, which the chain has proved.
  const entry = entries[head.sequence - 1];
  if (entry?.hash === head.hash) return;
  throw new CliError('auditBroken', `the audit log does not contain the known head ${head.sequence}:${head.hash}`, {
    advice: 'The log was rewritten or cut off since that head was noted, or it is the log of another PKI.',
  });
}

function headOf(text: string): AuditHead {
  const match = /^([1-9]\d{0,14}):([0-9a-f]{64})$/.exec(text);
  if (match === null) throw new InvalidArgumentError('Give it as "audit verify" printed it: 4711:9c56….');
  return { sequence: Number(match[1]), hash: match[2] as string };
}
