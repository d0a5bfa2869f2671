import type { Material } from '../../../apps/cli/src/agent/outputs/material.ts';
import { writeOutput } from '../../../apps/cli/src/agent/outputs/output-folder.ts';

/** Writes two pairs by turns into a folder until it is killed. Arguments: the folder, and the two materials as JSON. */
const [, , folder = '', materials = '[]'] = process.argv;
const output = {
  adapter: 'files',
  folder,
  files: { cert: 'cert.pem', key: 'key.pem', fullchain: 'fullchain.pem', combined: 'combined.pem' },
  owner: undefined,
  group: undefined,
  keyMode: 0o600,
  certMode: 0o644,
  secretName: 'killed',
  reload: undefined,
} as const;

for (;;) {
  for (const material of JSON.parse(materials) as Material[]) {
    await writeOutput(output, material);
    process.send?.('written');
  }
}
