import { open } from 'node:fs/promises';
import { maxConfigOctets, parseYaml, type YamlSource } from './yaml-source.ts';

/**
 * Loads a configuration file. One that is not there or too large is a finding like any other.
 * @param advice what to do when there is no such file
 * @throws errors of the file system as Node gives them
 */
export async function loadYaml(file: string, advice: string): Promise<YamlSource> {
  try {
    const handle = await open(file, 'r');
    try {
      const { size } = await handle.stat();
      if (size <= maxConfigOctets) return parseYaml(file, await handle.readFile('utf8'));
      return unreadable(file, 'tooLarge', `has ${size} octets, at most ${maxConfigOctets} are read`);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    return unreadable(file, 'missingFile', `there is no such file; ${advice}`);
  }
}

function unreadable(file: string, code: 'tooLarge' | 'missingFile', message: string): YamlSource {
  const source = parseYaml(file, '');
  return { ...source, findings: [source.finding(code, [], message)] };
}
