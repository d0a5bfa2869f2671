import { CliError } from './cli-error.ts';
import type { CliContext } from './context.ts';
import type { GlobalOptions } from './global-options.ts';

/** Asks before something that cannot be undone, unless `--yes`. @throws {@link CliError} `notConfirmed`, `noTerminal`, `interrupted` */
export async function confirm(question: string, options: GlobalOptions, context: CliContext): Promise<void> {
  if (options.yes === true) return;
  if (!context.terminal.isInteractive) {
    throw new CliError('noTerminal', 'there is no terminal to confirm this on', { advice: 'Say it with --yes.' });
  }
  const answer = await context.terminal.ask(`${question} [y/N] `);
  if (!/^\s*y(es)?\s*$/i.test(answer)) throw new CliError('notConfirmed', 'nothing was done');
}
