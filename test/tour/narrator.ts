import { styleText } from 'node:util';

let step = 0;

/** Tells what comes next. */
export function say(text: string): void {
  step++;
  console.log(`\n${styleText('bold', `${step}. ${text}`)}`);
}

/** Shows something that happened and what came of it. */
export function act(what: string, outcome: string): void {
  console.log(`   ${what}: ${outcome}`);
}

/** Shows a command as a person would type it. */
export function command(words: readonly string[]): void {
  console.log(styleText('cyan', `   $ ${words.join(' ')}`));
}

/** Shows what a command printed. */
export function output(text: string): void {
  for (const line of text.trimEnd().split('\n')) console.log(styleText('dim', `     ${line}`));
}
