import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '@vcc-pki/signer';
import { isErrno } from './agent-error.ts';
import type { AgentStatus } from './status.ts';

/** Where the status is kept, so that it can be read while no agent runs. */
function statusFile(stateDir: string): string {
  return join(stateDir, 'status.json');
}

/** Writes the status for everybody to read. */
export async function saveStatus(stateDir: string, status: AgentStatus): Promise<void> {
  const contents = `${JSON.stringify(status, null, 2)}\n`;
  await writeFileAtomically({ path: statusFile(stateDir), contents, mode: 0o644, overwrite: 'replace' });
}

/** The status that was kept last; undefined when there is none, or none of this version. */
export async function loadStatus(stateDir: string): Promise<AgentStatus | undefined> {
  let text: string;
  try {
    text = await readFile(statusFile(stateDir), 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
  return parseStatus(text);
}

function parseStatus(text: string): AgentStatus | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // It is written anew by the next agent: what stood in it only spares programs a reload.
    return undefined;
  }
  const isStatus = typeof value === 'object' && value !== null && 'version' in value && value.version === 1;
  return isStatus ? (value as AgentStatus) : undefined;
}
