import type { TokenResource } from '@vcc-pki/api';
import { Command } from 'commander';
import { confirm } from '../confirm.ts';
import type { CliContext } from '../context.ts';
import type { GlobalOptions } from '../global-options.ts';
import { withExamples } from '../help.ts';
import { writeDryRun, writeResult } from '../output.ts';
import { withClient } from '../with-client.ts';
import { tokenTable } from './token-text.ts';

interface TokenRevokeOptions extends GlobalOptions {
  readonly dryRun?: true;
}

/** `vcc-pki token revoke` */
export function tokenRevokeCommand(context: CliContext): Command {
  const command = new Command('revoke')
    .summary('take a token out of use')
    .description('Take a token out of use. A certificate that it became stays: revoke that one by itself.')
    .argument('<token id>', 'id of the token, tok_…')
    .option('--dry-run', 'say what would be done and do nothing')
    .action(async (id: string) => runTokenRevoke(id, command.optsWithGlobals<TokenRevokeOptions>(), context));
  return withExamples(
    command,
    'vcc-pki token revoke tok_5b0c7713a4b5f20e9d8c61709fb1d17a',
    'vcc-pki token revoke tok_5b0c7713a4b5f20e9d8c61709fb1d17a --yes --json',
  );
}

async function runTokenRevoke(id: string, options: TokenRevokeOptions, context: CliContext): Promise<void> {
  if (options.dryRun === true) {
    return writeDryRun(context, options, { json: { token_id: id }, text: () => `would revoke ${id}` });
  }
  await confirm(`Take ${id} out of use?`, options, context);
  const token = await withClient(options, context, (client) =>
    client.call<TokenResource>('revokeToken', { params: { id } }),
  );
  writeResult(context, options, { json: token, text: () => tokenTable([token]) });
}
