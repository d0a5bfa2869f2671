import type { TokenPage, TokenResource } from '@vcc-pki/api';
import { Command, Option } from 'commander';
import type { CliContext } from '../context.ts';
import type { GlobalOptions } from '../global-options.ts';
import { withExamples } from '../help.ts';
import { serviceId, wholeNumber } from '../option-parsers.ts';
import { notice, writeResult } from '../output.ts';
import { readPages } from '../read-pages.ts';
import { withClient } from '../with-client.ts';
import { tokenTable } from './token-text.ts';

interface TokenListOptions extends GlobalOptions {
  readonly service?: string;
  readonly limit: number;
}

/** `vcc-pki token list` */
export function tokenListCommand(context: CliContext): Command {
  const command = new Command('list')
    .summary('list tokens and what became of them')
    .description('List enrolment tokens, newest first, and what became of them.')
    .addOption(new Option('--service <id>', 'those of one service').argParser(serviceId))
    .addOption(new Option('--limit <count>', 'most tokens to list').argParser(wholeNumber(1, 100_000)).default(50))
    .action(async () => runTokenList(command.optsWithGlobals<TokenListOptions>(), context));
  return withExamples(command, 'vcc-pki token list', 'vcc-pki token list --service veritas-backend --json');
}

async function runTokenList(options: TokenListOptions, context: CliContext): Promise<void> {
  const { service, limit } = options;
  const { items, isComplete } = await withClient(options, context, (client) =>
    readPages<TokenResource>((page) => client.call<TokenPage>('listTokens', { query: { service, ...page } }), limit),
  );
  writeResult(context, options, { json: { items, complete: isComplete }, text: () => tokenTable(items) });
  if (!isComplete) notice(context, `there are more: --limit ${limit * 2}`);
}
