import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { configFolder, loadConfig } from './load-config.ts';

/**
 * True when an `init` in this folder has come to its end: the root certificate is what it writes last.
 * @throws `ConfigError` for configuration files that are not in order.
 */
export async function isInitialized(directory: string): Promise<boolean> {
  if (!(await exists(join(directory, configFolder, 'pki_config.yaml')))) return false;
  return exists((await loadConfig(directory)).rootCa.certFile);
}

/** True when there is something at a path; errors but ENOENT are thrown. */
export async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
