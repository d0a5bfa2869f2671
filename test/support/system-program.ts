import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where administrators' programs lie; not in everybody's PATH. */
const administratorsFolders = ['/usr/sbin', '/usr/local/sbin'];

/** For `test(name, { skip })`: false, or the one line that says which programs of the system are missing. */
export function skipWithout(...names: readonly string[]): string | false {
  const missing = names.filter((name) => !hasProgram(name));
  return missing.length > 0 && `not installed here: ${missing.join(', ')}; CI has it`;
}

function hasProgram(name: string): boolean {
  return find(name) !== undefined;
}

/** Path of an installed program. @throws Error when there is none; ask {@link skipWithout} before. */
export function systemProgram(name: string): string {
  const path = find(name);
  if (path === undefined) throw new Error(`${name} is not installed`);
  return path;
}

function find(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...administratorsFolders];
  return folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Not there, or not to be run: the next folder is asked.
    return false;
  }
}
