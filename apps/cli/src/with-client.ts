import { ApiClient } from './connection/api-client.ts';
import { findConnection, type TrustedConnection } from './connection/connection.ts';
import type { CliContext } from './context.ts';
import type { GlobalOptions } from './global-options.ts';
import { notice, styled } from './output.ts';

/** Connects as the administrator, or whom the options name, and closes the connection when `use` is done. */
export async function withClient<T>(
  options: GlobalOptions,
  context: CliContext,
  use: (client: ApiClient, connection: TrustedConnection) => Promise<T>,
): Promise<T> {
  return withConnection(await findConnection(options, context, 'required'), { options, context, use });
}

/** The same over a connection that was found in another way. */
export async function withConnection<T>(
  connection: TrustedConnection,
  session: {
    readonly options: GlobalOptions;
    readonly context: CliContext;
    readonly use: (client: ApiClient, connection: TrustedConnection) => Promise<T>;
  },
): Promise<T> {
  const { options, context, use } = session;
  const trace = (line: string): void => notice(context, styled(context, 'dim', line));
  const client = new ApiClient(connection, options.verbose === true ? { trace } : {});
  try {
    return await use(client, connection);
  } finally {
    await client.close();
  }
}
