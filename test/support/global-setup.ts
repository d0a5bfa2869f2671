/**
 * Starts what a whole test run shares: one real PostgreSQL. When none can be had the run fails; a database that is
 * not tested is not supported.
 *
 * `node --conditions=@vcc-pki/source --test --test-global-setup=test/support/global-setup.ts <files>`
 *
 * @module
 */
import { makeTemplateDatabase } from './databases.ts';
import { type PostgresServer, startPostgres } from './postgres-server.ts';

let server: PostgresServer | undefined;

/** Called by node:test before the first test file; the test processes inherit the environment. */
export async function globalSetup(): Promise<void> {
  server = await startPostgres();
  process.env['VCC_PKI_TEST_POSTGRES'] = server.url;
  await makeTemplateDatabase(server.url);
}

/** Called by node:test after the last test file. */
export async function globalTeardown(): Promise<void> {
  await server?.stop();
}
