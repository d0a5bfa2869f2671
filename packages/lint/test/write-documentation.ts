import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rulesTable } from './rules-table.ts';

/** Puts the current rules in the place of the table at the end of docs/lint.md. */
export function writeDocumentation(): void {
  const file = join(import.meta.dirname, '../../../docs/lint.md');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.slice(0, text.indexOf('| id |')) + rulesTable());
}

if (import.meta.main) writeDocumentation();
