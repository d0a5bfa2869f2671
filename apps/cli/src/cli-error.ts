import { type ExitCode, exitCodes } from './exit-codes.ts';

/** What kind of failure on this side of the wire it was; stable, for scripts that read `--json`. */
export type CliErrorCode =
  | 'usage'
  | 'fileExists'
  | 'fileUnreadable'
  | 'fileUnwritable'
  | 'badPassphrase'
  | 'noTerminal'
  | 'notConfirmed'
  | 'notInitialized'
  | 'alreadyInitialized'
  | 'badConfiguration'
  | 'cannotServe'
  | 'noClientCertificate'
  | 'clientCertificateExpired'
  | 'clientCertificateRefused'
  | 'cannotConnect'
  | 'notTrusted'
  | 'badAnswer'
  | 'auditBroken'
  | 'lintErrors'
  | 'notVerified'
  | 'agentNotWell'
  | 'notReencrypted'
  | 'interrupted';

const exitCodeOf: Readonly<Partial<Record<CliErrorCode, ExitCode>>> = {
  usage: exitCodes.usage,
  noTerminal: exitCodes.usage,
  clientCertificateExpired: exitCodes.unreachable,
  clientCertificateRefused: exitCodes.unreachable,
  cannotConnect: exitCodes.unreachable,
  notTrusted: exitCodes.unreachable,
  interrupted: exitCodes.interrupted,
};

/** What a {@link CliError} carries beside its code and text. */
export interface CliErrorOptions {
  /** What to do about it. */
  readonly advice?: string;
  /** Further lines for people, under the message. */
  readonly lines?: readonly string[];
  /** Further members for programs, beside `code`, `detail` and `advice`. */
  readonly members?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** A failure that the command explains to its user: what happened, and what to do about it. What the server refuses is a `ServerRefusal`. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly code: CliErrorCode;
  readonly advice: string | undefined;
  readonly lines: readonly string[];
  readonly members: Readonly<Record<string, unknown>>;

  constructor(code: CliErrorCode, message: string, options: CliErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.advice = options.advice;
    this.lines = options.lines ?? [];
    this.members = options.members ?? {};
  }

  get exitCode(): ExitCode {
    return exitCodeOf[this.code] ?? exitCodes.failed;
  }
}
