import type { Readable, Writable } from 'node:stream';
import type { Clock } from '@vcc-pki/server';

/** The environment variables that the command knows, read once by `main.ts`. */
export interface CliEnvironment {
  /** `PKI_DIR` */
  readonly directory: string | undefined;
  /** `PKI_PORT` */
  readonly port: string | undefined;
  /** `PKI_PUBLIC_PORT` */
  readonly publicPort: string | undefined;
  /** `VCC_PKI_PASSPHRASE_FILE` */
  readonly passphraseFile: string | undefined;
}

/** What a person sits at, if one does. */
export interface Terminal {
  /** Somebody can be asked: input is a terminal. */
  readonly isInteractive: boolean;
  /** Results go to a terminal, so bytes that are no text would spoil it. */
  readonly isOutputShown: boolean;
  readonly hasColors: boolean;
  /** Width for help and tables; undefined when results go to a file or a pipe. */
  readonly columns: number | undefined;
  /** Asks a question and returns the line that is typed. @throws CliError `interrupted` */
  ask(question: string): Promise<string>;
  /** The same without showing what is typed. @throws CliError `interrupted` */
  askSecret(question: string): Promise<string>;
}

/** Everything a command has from outside; only `main.ts` takes it from the process. */
export interface CliContext {
  readonly environment: CliEnvironment;
  /** Read only where a file is named `-`. */
  readonly stdin: Readable;
  /** Results, and nothing else: text for people, or JSON. */
  readonly stdout: Writable;
  /** Notices, questions, errors, and the log of the server. */
  readonly stderr: Writable;
  readonly terminal: Terminal;
  readonly clock: Clock;
  /** Waits until the process is asked to end (SIGINT, SIGTERM), which from the call on does not end it by itself. */
  untilStopped(): Promise<void>;
  /** Calls back whenever the process is asked to read its configuration again (SIGHUP), until the returned function is called. */
  onReload(listener: () => void): () => void;
}
