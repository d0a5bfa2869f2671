import { createInterface } from 'node:readline/promises';
import type { ReadStream, WriteStream } from 'node:tty';
import { CliError } from './cli-error.ts';
import type { Terminal } from './context.ts';

/** The streams of a process, which are terminals or not. */
export interface TerminalStreams {
  readonly input: ReadStream;
  readonly output: WriteStream;
  /** Questions go here, so that results can be piped away. */
  readonly questions: WriteStream;
}

/** The person at the terminal, if there is one. */
export function openTerminal({ input, output, questions }: TerminalStreams): Terminal {
  return {
    isInteractive: input.isTTY === true && questions.isTTY === true,
    isOutputShown: output.isTTY === true,
    // Node decides by NO_COLOR, FORCE_COLOR and TERM.
    hasColors: output.isTTY === true && output.hasColors(),
    columns: output.columns,
    ask: (question) => askLine(question, input, questions),
    askSecret: (question) => askHidden(question, input, questions),
  };
}

async function askLine(question: string, input: ReadStream, output: WriteStream): Promise<string> {
  const lines = createInterface({ input, output });
  return new Promise((resolve, reject) => {
    lines.once('SIGINT', () => reject(interrupted()));
    lines.once('close', () => reject(interrupted()));
    lines.question(question).then(resolve, reject);
  }).finally(() => lines.close()) as Promise<string>;
}

/** What the keys of a terminal in raw mode send. */
const keys = {
  interrupt: '\u0003',
  endOfInput: '\u0004',
  backspace: '\b',
  delete: '\u007f',
  killLine: '\u0015',
} as const;

async function askHidden(question: string, input: ReadStream, output: WriteStream): Promise<string> {
  input.setEncoding('utf8');
  // Before the question: what is typed fast after it must not be shown either.
  input.setRawMode(true);
  try {
    output.write(question);
    return await readSecret(input);
  } finally {
    input.setRawMode(false);
    input.pause();
    output.write('\n');
  }
}

function readSecret(input: ReadStream): Promise<string> {
  return new Promise((resolve, reject) => {
    const typed: string[] = [];
    const onData = (text: string): void => {
      for (const character of text) {
        if (!isEnd(character)) edit(typed, character);
        else {
          input.off('data', onData);
          if (isEnter(character)) resolve(typed.join(''));
          else reject(interrupted());
          return;
        }
      }
    };
    input.on('data', onData);
    input.resume();
  });
}

function isEnter(character: string): boolean {
  return character === '\r' || character === '\n';
}

function isEnd(character: string): boolean {
  return isEnter(character) || character === keys.interrupt || character === keys.endOfInput;
}

function edit(typed: string[], character: string): void {
  if (character === keys.backspace || character === keys.delete) typed.pop();
  else if (character === keys.killLine) typed.length = 0;
  else if (character >= ' ') typed.push(character);
}

function interrupted(): CliError {
  return new CliError('interrupted', 'interrupted');
}
