import { styleText } from 'node:util';
import Table from 'cli-table3';
import type { CliContext } from './context.ts';
import type { GlobalOptions } from './global-options.ts';

/** The one way a command gives its result: JSON for programs, or the text for people. */
export function writeResult(
  context: CliContext,
  options: GlobalOptions,
  result: { readonly json: unknown; readonly text: () => string },
): void {
  context.stdout.write(options.json === true ? `${JSON.stringify(result.json, null, 2)}\n` : `${result.text()}\n`);
}

/** What every `--dry-run` gives: the result with `dry_run` for programs, for people with the line that nothing was done. */
export function writeDryRun(
  context: CliContext,
  options: GlobalOptions,
  { json, text }: { readonly json: object; readonly text: () => string },
): void {
  writeResult(context, options, { json: { dry_run: true, ...json }, text: () => `${text()}\nnothing was done` });
}

/** Tells something that is no result. */
export function notice(context: CliContext, text: string): void {
  context.stderr.write(`${text}\n`);
}

const noBorder = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
} as const;

/**
 * A table without rules, so that it can be cut and grepped too.
 * @param none the one line that stands there when there is no row; without it the head alone
 */
export function tableText(head: readonly string[], rows: readonly (readonly string[])[], none?: string): string {
  if (rows.length === 0 && none !== undefined) return none;
  const table = new Table({
    head: head.map((title) => title.toUpperCase()),
    chars: noBorder,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(...rows.map((row) => row.map(printable)));
  return withoutTrailingSpace(table.toString());
}

/** Names and their values under each other; entries without a value are left out. */
export function factsText(facts: readonly (readonly [string, string | undefined])[]): string {
  const present = facts.filter((fact): fact is readonly [string, string] => fact[1] !== undefined && fact[1] !== '');
  const width = Math.max(0, ...present.map(([name]) => name.length));
  return present.map(([name, value]) => `${name.padEnd(width)}  ${printable(value)}`).join('\n');
}

export type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'red';

/** Colours `text` when a terminal shows it. */
export function styled(context: CliContext, style: Style, text: string): string {
  return context.terminal.hasColors ? styleText(style, text, { validateStream: false }) : text;
}

/** What came over the wire must not move the cursor or forge lines; our own colours (ESC [ … m) may pass. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
  return text.replace(/\u001b(?!\[[0-9;]*m)|[\u0000-\u001a\u001c-\u001f\u007f-\u009f]/g, '\uFFFD');
}

function withoutTrailingSpace(text: string): string {
  return text.replace(/ +$/gm, '');
}
