import { isPkiFolder, loadConfiguration } from '../load-configuration.ts';

/** Port of the API unless configured otherwise (mission text). */
const defaultPort = 8443;

/** The port of the API in the configuration of a PKI's folder, or the default one where there is no configuration. */
export async function configuredPort(directory: string): Promise<number> {
  if (!(await isPkiFolder(directory))) return defaultPort;
  const { pkiServer } = await loadConfiguration(directory);
  return pkiServer.port;
}
