import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from '../support/run-program.ts';
import { systemProgram } from '../support/system-program.ts';
import type { Finding } from './finding.ts';
import type { IssuedObject } from './issued-objects.ts';

/** The programs of pkilint that are used here. */
export const pkilintPrograms = ['lint_pkix_cert', 'lint_crl', 'lint_ocsp_response'] as const;

interface Report {
  readonly results: readonly {
    readonly node_path: string;
    readonly finding_descriptions: readonly { severity: string; code: string; message: string | null }[];
  }[];
}

/** What pkilint calls an error, or worse, in an object. @param folder for the file that it reads. */
export async function pkilint(object: IssuedObject, folder: string): Promise<Finding[]> {
  const { kind, form, der } = object;
  const file = join(folder, `${kind}.der`);
  await writeFile(file, der);
  // The profile of the CA/Browser Forum's Baseline Requirements holds all of RFC 5280's.
  const crlArguments = ['--type', kind === 'root-crl' ? 'ARL' : 'CRL', '--profile', 'BR'];
  const calls = {
    certificate: ['lint_pkix_cert'],
    crl: ['lint_crl', ...crlArguments],
    ocspResponse: ['lint_ocsp_response'],
  } as const;
  const [program, ...options] = calls[form];
  const given = [...options, '--severity', 'ERROR', '--format', 'JSON', '--document-format', 'DER', file];
  const { stdout, stderr } = await runProgram(systemProgram(program), ['lint', ...given]);
  assert.ok(stdout.startsWith('{'), `${program} ${kind}: ${stderr}`);
  const { results } = JSON.parse(stdout) as Report;
  return results.flatMap(({ node_path: path, finding_descriptions: findings }) => {
    const [, extension] = /\.extnValue\.(\w+)/.exec(path) ?? [];
    return findings.map(({ code: rule, message }) => ({
      ...{ linter: 'pkilint' as const, rule, detail: `${path}: ${message}` },
      ...(extension !== undefined && { extension }),
    }));
  });
}
