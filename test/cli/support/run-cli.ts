import { Readable, Writable } from 'node:stream';
import { runCli } from '../../../apps/cli/src/cli.ts';
import type { CliContext, CliEnvironment, Terminal } from '../../../apps/cli/src/context.ts';

/** What a run of the command did. */
export interface CliRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What is outside of the command, where a test wants it other than empty. */
export interface Surroundings {
  readonly environment?: Partial<CliEnvironment>;
  /** Lines typed at the terminal, one for each question; without them there is no terminal. */
  readonly typed?: readonly string[];
  readonly stdin?: string | Uint8Array;
  readonly now?: () => number;
  /** Ends `serve`. */
  readonly stop?: Promise<void>;
  /** Asks for the configuration to be read again by a call. */
  readonly onReload?: (listener: () => void) => () => void;
  /** Sees stdout as it is written. */
  readonly onStdout?: (text: string) => void;
}

/** Runs the command in this process, with nothing of this process' surroundings. */
export async function runCommand(args: readonly string[], surroundings: Surroundings = {}): Promise<CliRun> {
  const { context, stdout, stderr } = contextFor(surroundings);
  const code = await runCli(args, context);
  return { code, stdout: stdout(), stderr: stderr() };
}

/** The same, and stdout parsed. */
export async function runJson<T>(
  args: readonly string[],
  surroundings: Surroundings = {},
): Promise<{ code: number; json: T }> {
  const { code, stdout } = await runCommand([...args, '--json'], surroundings);
  return { code, json: JSON.parse(stdout) as T };
}

/** A context whose output is collected. */
export function contextFor(surroundings: Surroundings): {
  context: CliContext;
  stdout: () => string;
  stderr: () => string;
} {
  const [stdout, stderr] = [collector(surroundings.onStdout), collector()];
  const context: CliContext = {
    environment: {
      directory: undefined,
      port: undefined,
      publicPort: undefined,
      passphraseFile: undefined,
      ...surroundings.environment,
    },
    stdin: Readable.from(surroundings.stdin === undefined ? [] : [Buffer.from(surroundings.stdin)]),
    stdout: stdout.stream,
    stderr: stderr.stream,
    terminal: terminalFor(surroundings.typed),
    clock: { now: surroundings.now ?? Date.now },
    untilStopped: () => surroundings.stop ?? new Promise(() => {}),
    onReload: surroundings.onReload ?? (() => () => {}),
  };
  return { context, stdout: stdout.text, stderr: stderr.text };
}

function terminalFor(typed: readonly string[] | undefined): Terminal {
  const lines = [...(typed ?? [])];
  const answer = async (question: string): Promise<string> => {
    const line = lines.shift();
    if (line === undefined) throw new Error(`nobody expected the question "${question}"`);
    return line;
  };
  return {
    isInteractive: typed !== undefined,
    isOutputShown: false,
    hasColors: false,
    columns: undefined,
    ask: answer,
    askSecret: answer,
  };
}

function collector(onText: (text: string) => void = () => {}): { stream: Writable; text: () => string } {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      onText(chunk.toString());
      done();
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString() };
}
