import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { buildProgram } from '../../apps/cli/src/cli.ts';
import { exitCodes } from '../../apps/cli/src/exit-codes.ts';
import { contextFor, runCommand } from './support/run-cli.ts';

type Command = ReturnType<typeof buildProgram>;

const page = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8');

/** The text under a heading of the second level. */
function section(heading: string): string {
  const at = page.indexOf(`\n## ${heading}\n`);
  assert.ok(at >= 0, `docs/cli.md has no section "${heading}"`);
  const end = page.indexOf('\n## ', at + 1);
  return page.slice(at, end < 0 ? undefined : end);
}

/** The flags in the first column of the tables of a section. */
function documentedFlags(text: string): string[] {
  return [...text.matchAll(/^\| `(--[^`]+)` \|/gm)].map((match) => match[1]!).sort();
}

/** The flags of a command as its help prints them. */
function realFlags(command: Command): string[] {
  return command.options
    .map((option) => option.flags)
    .filter((flags) => flags !== '--version')
    .sort();
}

/** Commands that do something, by their full names. */
function leaves(command: Command, name = command.name()): [string, Command][] {
  if (command.commands.length === 0) return [[name, command]];
  return command.commands.flatMap((child) => leaves(child, `${name} ${child.name()}`));
}

const program = buildProgram(contextFor({}).context);

test('docs/cli.md has every global option, and no other', () => {
  assert.deepEqual(documentedFlags(section('Global options')), realFlags(program));
});

for (const [name, command] of leaves(program)) {
  test(`docs/cli.md has "${name}" with every option, and an example`, () => {
    const text = section(name);
    assert.deepEqual(documentedFlags(text), realFlags(command));
    assert.match(text, /```sh\n/);
    assert.ok(text.includes(name), 'the example uses the command');
  });

  test(`"${name} --help" shows what it does, its global options and an example`, async () => {
    const { code, stdout } = await runCommand([...name.split(' ').slice(1), '--help']);
    assert.equal(code, exitCodes.ok);
    for (const part of [
      command.description(),
      'Global Options:',
      '--json',
      'Examples:',
      `  vcc-pki ${name.slice(8)}`,
    ]) {
      assert.ok(stdout.replaceAll(/\s+/g, ' ').includes(part.replaceAll(/\s+/g, ' ')), part);
    }
  });
}

test('docs/cli.md has a section for no other command', () => {
  const documented = [...page.matchAll(/^## (vcc-pki .+)$/gm)].map((match) => match[1]);
  assert.deepEqual(
    documented.sort(),
    leaves(program)
      .map(([name]) => name)
      .sort(),
  );
});

test('docs/cli.md has every exit code, and no other', () => {
  const documented = [...section('Exit codes').matchAll(/^\| (\d+) \|/gm)].map((match) => Number(match[1]));
  assert.deepEqual(documented, Object.values(exitCodes));
});
