import type { PkiConfig } from '@vcc-pki/server/config';
import { CliError } from './cli-error.ts';

/**
 * Loads the configuration of a PKI's folder.
 * @throws {@link CliError} `badConfiguration` with every finding as `file:line:column`
 */
export function loadConfiguration(directory: string): Promise<PkiConfig> {
  return explainingFindings(async () => (await configLibrary()).loadConfig(directory));
}

/** Whether a PKI was made in a folder, to its end. @throws {@link CliError} `badConfiguration` */
export function isPkiFolder(directory: string): Promise<boolean> {
  return explainingFindings(async () => (await configLibrary()).isInitialized(directory));
}

/** Does what reads the configuration, and explains what is wrong with it. @throws {@link CliError} `badConfiguration` */
export async function explainingFindings<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const { ConfigError, formatFinding } = await import('@vcc-pki/server/config-error');
    if (!(error instanceof ConfigError)) throw error;
    const { findings } = error;
    const count = findings.length === 1 ? 'one finding' : `${findings.length} findings`;
    throw new CliError('badConfiguration', `${count} in the configuration`, {
      lines: findings.map(formatFinding),
      members: { findings },
      cause: error,
    });
  }
}

/** The part of the server that reads configurations. Loaded only where it is needed, and without the rest of the server. */
function configLibrary() {
  return import('@vcc-pki/server/config');
}
