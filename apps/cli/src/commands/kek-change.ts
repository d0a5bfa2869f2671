import type { KekAction, KekResource } from '@vcc-pki/api';
import { Command } from 'commander';
import { confirm } from '../confirm.ts';
import type { CliContext } from '../context.ts';
import type { GlobalOptions } from '../global-options.ts';
import { withExamples } from '../help.ts';
import { notice, writeDryRun, writeResult } from '../output.ts';
import { withClient } from '../with-client.ts';
import { kekText } from './kek-text.ts';

interface ChangeOptions extends GlobalOptions {
  readonly force?: true;
  readonly comment?: string;
  readonly dryRun?: true;
}

interface Change {
  readonly action: KekAction;
  readonly summary: string;
  readonly description: string;
  readonly question: string;
  /** What `--force` overrides; absent where there is nothing. */
  readonly force?: string;
}

const changes: readonly Change[] = [
  {
    action: 'promote',
    summary: 'make a version the primary one of its line',
    description:
      'Make a version the primary one of its line, or the old one again. Refused until every live consumer has acknowledged it.',
    question: 'Encrypt new data under it from now on?',
    force: 'do not wait for consumers',
  },
  {
    action: 'enable',
    summary: 'enable a disabled version again',
    description: 'Enable a disabled version again, for reading.',
    question: 'Enable it?',
  },
  {
    action: 'disable',
    summary: 'refuse a version to everybody',
    description:
      'Refuse a version to everybody, until it is enabled again. Refused while services have records under it, or have not found none in two scans.',
    question: 'Refuse it to everybody?',
    force: 'do it although records remain, which nobody can read then',
  },
  {
    action: 'destroy',
    summary: 'erase the secret of a disabled version for good',
    description: 'Erase the secret of a disabled version. What only it can read is lost for ever.',
    question: 'Erase its secret for good?',
    force: 'do not wait until it was disabled long enough',
  },
  {
    action: 'compromise',
    summary: 'give up a version whose secret is in other hands',
    description:
      'Give up a version whose secret may be in other hands: its certificate is revoked with keyCompromise, and if it is the primary one, a new version takes its place at once.',
    question: 'Revoke it, and put a new version in its place if it is primary?',
  },
];

/** `vcc-pki kek promote`, `enable`, `disable`, `destroy`, `compromise` */
export function kekChangeCommands(context: CliContext): Command[] {
  return changes.map((change) => changeCommand(change, context));
}

function changeCommand(change: Change, context: CliContext): Command {
  const command = new Command(change.action)
    .summary(change.summary)
    .description(change.description)
    .argument('<id>', 'id of the version')
    .option('--comment <text>', 'for the audit log')
    .option('--dry-run', 'show what would be changed or refused and do nothing');
  if (change.force !== undefined) command.option('--force', `${change.force}; audited`);
  command.action(async (id: string) => runChange(id, change, command.optsWithGlobals<ChangeOptions>(), context));
  return withExamples(
    command,
    `vcc-pki kek ${change.action} kek_123 --dry-run`,
    `vcc-pki kek ${change.action} kek_123 --yes`,
  );
}

async function runChange(
  id: string,
  { action, question }: Change,
  options: ChangeOptions,
  context: CliContext,
): Promise<void> {
  const { force, comment, dryRun } = options;
  await withClient(options, context, async (client) => {
    const change = (dry: boolean): Promise<KekResource> => {
      const body = JSON.stringify({ action, force, comment, ...(dry && { dry_run: true }) });
      return client.call<KekResource>('changeKek', { params: { id }, body });
    };
    const text = (kek: KekResource): string => kekText(kek, context.clock.now());
    if (dryRun === true) {
      const kek = await change(true);
      return writeDryRun(context, options, { json: { action, ...kek }, text: () => text(kek) });
    }
    // What would be refused is told before anybody is asked.
    if (options.yes !== true) notice(context, text(await change(true)));
    await confirm(question, options, context);
    const kek = await change(false);
    writeResult(context, options, { json: kek, text: () => text(kek) });
  });
}
