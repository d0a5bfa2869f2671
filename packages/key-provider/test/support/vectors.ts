import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The folder of third-party test vectors: `$VCC_PKI_VECTORS`, or beside the project. */
const folder =
  // biome-ignore lint/style/noProcessEnv: a test's way to be told where vectors lie
  process.env['VCC_PKI_VECTORS'] ?? path.join(import.meta.dirname, '../../../../../shared/vectors');

/** For `test(name, { skip })`: false, or why the vectors cannot be used. */
export const skipWithoutVectors = existsSync(folder) ? false : `no test vectors in ${folder}`;

// biome-ignore lint/suspicious/noExplicitAny: the shape is the vectors' own
export function readJsonVectors(file: string): any {
  return JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
}
