import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CertificateFiles, CertificateKeeper, type Clock } from '@vcc-pki/client/keeper';
import { isErrno } from './agent-error.ts';
import type { AgentConfig, CertificateConfig } from './config/agent-config.ts';

/** The folder of one certificate within the state folder. */
export function certificateFolder(stateDir: string, name: string): string {
  return join(stateDir, 'certificates', name);
}

/** A keeper for one certificate of agent.yaml, which holds its files in the agent's own folder. */
export function keeperFor(
  certificate: CertificateConfig,
  { config, trustedPem, clock }: { config: AgentConfig; trustedPem: string | undefined; clock: Clock },
): CertificateKeeper {
  const { serviceId, keyType, enrolmentTokenFile } = certificate;
  return new CertificateKeeper({
    serviceId,
    pkiServerUrl: config.serverUrl,
    files: CertificateFiles.inFolder(certificateFolder(config.stateDir, certificate.name)),
    keyType,
    clock,
    request: requestOf(certificate),
    // One at a time is all that a certificate needs.
    connection: { connections: 1 },
    ...(trustedPem !== undefined && { trustedPem }),
    ...(enrolmentTokenFile !== undefined && { enrolmentToken: () => readToken(enrolmentTokenFile) }),
  });
}

function requestOf(certificate: CertificateConfig) {
  const { commonName, dnsNames, ipAddresses, uris, validityDays, validityHours } = certificate;
  return {
    ...(commonName !== undefined && { commonName }),
    ...(dnsNames !== undefined && { dns: dnsNames }),
    ...(ipAddresses !== undefined && { ips: ipAddresses }),
    ...(uris !== undefined && { uris }),
    ...(validityDays !== undefined && { validityDays }),
    ...(validityHours !== undefined && { validityHours }),
  };
}

/** The token that is there at the moment it is needed: an operator may put a new one while the agent runs. */
async function readToken(file: string): Promise<string | undefined> {
  try {
    const token = (await readFile(file, 'utf8')).trim();
    return token === '' ? undefined : token;
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}
