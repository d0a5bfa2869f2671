/** What kind of failure on this host it was; stable, for scripts that read the status. */
export type AgentErrorCode =
  | 'folderUnsafe'
  | 'fileForeign'
  | 'unknownAccount'
  | 'ownerRefused'
  | 'writeFailed'
  | 'reloadFailed'
  | 'reloadTimeout'
  | 'unproven'
  | 'alreadyRunning'
  | 'badState';

/** Something that went wrong on this host and is told in log and status. What the server refuses is a PkiError. */
export class AgentError extends Error {
  override readonly name = 'AgentError';
  readonly code: AgentErrorCode;

  constructor(code: AgentErrorCode, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.code = code;
  }
}

/** Whether an error of the file system, or of a socket, has this code. */
export function isErrno(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);
}

/** What is told of an error of any kind: its stable code and its text. */
export function describeError(error: unknown): { readonly code: string; readonly message: string } {
  if (!(error instanceof Error)) return { code: 'internal', message: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'internal';
  return { code, message: error.message };
}
