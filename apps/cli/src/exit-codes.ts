/** What the command tells the shell; documented in `docs/cli.md`. */
export const exitCodes = {
  ok: 0,
  /** The server, a check or the file system refused, or something failed. */
  failed: 1,
  /** The command line is wrong. */
  usage: 2,
  /** The server knows no such certificate. */
  notFound: 3,
  /** No trusted connection to the server could be made. */
  unreachable: 4,
  /** Interrupted from the keyboard: 128 and the number of SIGINT, as shells have it. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
