import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import type { ReadStream, WriteStream } from 'node:tty';
import { CliError } from './cli-error.ts';
import { openTerminal } from './terminal.ts';

/** A terminal on which somebody types; raw mode is recorded. */
function typing() {
  const rawModes: boolean[] = [];
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: (mode: boolean) => rawModes.push(mode) });
  const questions = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY: true });
  let shown = '';
  questions.on('data', (text: string) => {
    shown += text;
  });
  const terminal = openTerminal({
    input: input as unknown as ReadStream,
    output: new PassThrough() as unknown as WriteStream,
    questions: questions as unknown as WriteStream,
  });
  return { terminal, rawModes, type: (text: string) => input.write(text), shown: () => shown };
}

test('a secret is read without showing it', async () => {
  const { terminal, rawModes, type, shown } = typing();
  const secret = terminal.askSecret('Passphrase: ');
  type('correct hörse');
  type('\r');
  assert.equal(await secret, 'correct hörse');
  assert.equal(shown(), 'Passphrase: \n');
  assert.deepEqual(rawModes, [true, false]);
});

test('a secret can be mended while it is typed', async () => {
  const { terminal, type } = typing();
  const secret = terminal.askSecret('? ');
  type('wrong\u0015rigt\u007f\bght\t\n');
  assert.equal(await secret, 'right');
});

for (const [name, key] of [
  ['Ctrl-C', '\u0003'],
  ['Ctrl-D', '\u0004'],
] as const) {
  test(`${name} interrupts the question and leaves the terminal as it was`, async () => {
    const { terminal, rawModes, type } = typing();
    const secret = terminal.askSecret('? ');
    type(`abc${key}`);
    await assert.rejects(secret, (error) => error instanceof CliError && error.code === 'interrupted');
    assert.deepEqual(rawModes, [true, false]);
  });
}

test('two secrets are asked one after the other', async () => {
  const { terminal, type } = typing();
  const first = terminal.askSecret('? ');
  type('one\n');
  assert.equal(await first, 'one');
  const second = terminal.askSecret('? ');
  type('two\n');
  assert.equal(await second, 'two');
});

test('a question is answered by a line', async () => {
  const { terminal, type } = typing();
  const answer = terminal.ask('Sure? ');
  type('yes\n');
  assert.equal(await answer, 'yes');
});

test('nobody can be asked where input is no terminal', () => {
  const stream = new PassThrough();
  const terminal = openTerminal({
    input: stream as unknown as ReadStream,
    output: stream as unknown as WriteStream,
    questions: stream as unknown as WriteStream,
  });
  assert.equal(terminal.isInteractive, false);
  assert.equal(terminal.hasColors, false);
});
