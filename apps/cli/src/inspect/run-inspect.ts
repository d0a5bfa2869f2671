import { CliError } from '../cli-error.ts';
import type { CliContext } from '../context.ts';
import type { GlobalOptions } from '../global-options.ts';
import { writeResult } from '../output.ts';
import { readInput } from '../pki-objects/read-input.ts';
import { describeAll } from './describe.ts';
import type { Description } from './description.ts';
import { inspectionText } from './inspection-text.ts';

/** Of `vcc-pki inspect`. */
export interface InspectOptions extends GlobalOptions {
  readonly limit: number;
}

/** Describes what is in a file. @throws CliError `lintErrors`, and what reading it throws. */
export async function runInspect(file: string, options: InspectOptions, context: CliContext): Promise<void> {
  const { name, objects } = await readInput(file, context);
  const descriptions = await describeAll(objects, { now: context.clock.now(), limit: options.limit });
  const items = descriptions.map(({ json, findings }) => ({ ...json, ...(findings && { findings }) }));
  const errors = countErrors(descriptions);
  if (errors === 0 || options.json !== true) {
    writeResult(context, options, { json: { items }, text: () => inspectionText(descriptions, context) });
  }
  if (errors === 0) return;
  throw new CliError('lintErrors', `${name} has ${errors === 1 ? 'one error' : `${errors} errors`}`, {
    members: { items },
  });
}

function countErrors(descriptions: readonly Description[]): number {
  return descriptions.flatMap(({ findings = [] }) => findings).filter(({ severity }) => severity === 'error').length;
}
