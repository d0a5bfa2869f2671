import { SignerError } from '@vcc-pki/signer';
import { CliError } from './cli-error.ts';

/** Says in one line why the server did not start, where it is something that its operator can mend. */
export function explainStartError(error: unknown): unknown {
  if (error instanceof SignerError && error.code === 'wrongPassphrase') {
    return new CliError('badPassphrase', error.message, { cause: error });
  }
  if (!(error instanceof Error)) return error;
  if (isSqliteError(error.cause)) return new CliError('cannotServe', error.message, { cause: error });
  if (!('code' in error)) return error;
  const port = 'port' in error ? ` ${error.port}` : '';
  if (error.code === 'EADDRINUSE') {
    return new CliError('cannotServe', `the port${port} is in use`, {
      advice: 'Stop what uses it, or choose another with --port (PKI_PORT) or --public-port (PKI_PUBLIC_PORT).',
      cause: error,
    });
  }
  if (error.code === 'EACCES' && 'syscall' in error && error.syscall === 'listen') {
    return new CliError('cannotServe', `the port${port} is not allowed to this user`, {
      advice: 'Choose a port from 1024 on.',
      cause: error,
    });
  }
  return error;
}

/** The database is locked by another server, say; the message of the store names file and remedy. */
function isSqliteError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR';
}
