import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from '../support/run-program.ts';
import { systemProgram } from '../support/system-program.ts';
import type { Finding } from './finding.ts';
import { type IssuedObject, pemOf } from './issued-objects.ts';

type Report = Readonly<Record<string, { readonly result: string; readonly details?: string }>>;

/** What zlint calls an error, or worse, in a certificate or CRL; it reads no OCSP. @param folder for the file that it reads. */
export async function zlint(object: IssuedObject, folder: string): Promise<Finding[]> {
  if (object.form === 'ocspResponse') return [];
  const file = join(folder, `${object.kind}.pem`);
  await writeFile(file, pemOf(object));
  const { stdout, stderr } = await runProgram(systemProgram('zlint'), [file]);
  assert.ok(stdout.startsWith('{'), `zlint ${object.kind}: ${stderr}`);
  return Object.entries(JSON.parse(stdout) as Report)
    .filter(([, { result }]) => result === 'error' || result === 'fatal')
    .map(([rule, { details = '' }]) => ({ linter: 'zlint', rule, detail: details }));
}
