import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/**
 * Compares what people see with a file beside the tests. A change of it is a change of that file, read before it is
 * committed: `VCC_PKI_UPDATE_TRANSCRIPT=1` writes it.
 */
export async function assertGolden(name: string, text: string): Promise<void> {
  const path = fileURLToPath(new URL(`../${name}`, import.meta.url));
  if (process.env['VCC_PKI_UPDATE_TRANSCRIPT'] === '1') await writeFile(path, text);
  assert.equal(text, await readFile(path, 'utf8'));
}
