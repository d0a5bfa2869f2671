import { readFile } from 'node:fs/promises';
import { AgentError } from '../agent-error.ts';

/** The numbers of a user and a group; undefined leaves the file with those of the agent. */
export interface Ownership {
  readonly uid: number | undefined;
  readonly gid: number | undefined;
}

/**
 * Finds the numbers of a user and a group in the files of the system. Accounts from elsewhere (LDAP) are given by number.
 * @throws AgentError `unknownAccount`
 */
export async function findOwnership(owner: string | undefined, group: string | undefined): Promise<Ownership> {
  return {
    uid: owner === undefined ? undefined : await findId('/etc/passwd', owner),
    gid: group === undefined ? undefined : await findId('/etc/group', group),
  };
}

/** Both files have the name first and the number third (passwd(5), group(5)). */
async function findId(file: string, name: string): Promise<number> {
  if (/^[0-9]+$/.test(name)) return Number(name);
  for (const line of (await readFile(file, 'utf8')).split('\n')) {
    const [candidate, , id] = line.split(':');
    if (candidate === name && id !== undefined) return Number(id);
  }
  throw new AgentError('unknownAccount', `${file} has no "${name}"; accounts of a directory are given by number`);
}
