import { dirname, resolve } from 'node:path';
import { type CamelCased, ConfigError, loadChecked, toCamelCase } from '@vcc-pki/server/config-file';
import { settleOutput } from '../adapters/settle-output.ts';
import type { AgentConfig, CertificateConfig, Endpoint } from './agent-config.ts';
import { type AgentFile, agentSchema } from './agent-schema.ts';
import { checkAgentRelations } from './check-agent-relations.ts';

type CertificateValues = CamelCased<AgentFile>['certificates'][number];
type EndpointValues = CertificateValues['proof']['endpoints'][number];

/**
 * Loads agent.yaml and checks every key and value, and how they fit together.
 * @throws ConfigError with everything that is wrong, with file, line and column
 */
export async function loadAgentConfig(file: string): Promise<AgentConfig> {
  const { value, source } = await loadChecked(agentSchema, file, 'docs/agent.md shows one');
  const values = toCamelCase(value);
  const folder = dirname(resolve(file));
  const at = (path: string): string => resolve(folder, path);
  const config: AgentConfig = {
    file,
    serverUrl: values.pkiServer.url,
    rootCaFile: optional(values.pkiServer.rootCaFile, at),
    stateDir: at(values.stateDir),
    logLevel: values.logLevel,
    metricsPort: values.metricsPort,
    certificates: values.certificates.map((certificate) => settleCertificate(certificate, at)),
  };
  const conflicts = checkAgentRelations(value, config, source);
  if (conflicts.length > 0) throw new ConfigError(conflicts);
  return config;
}

function settleCertificate(values: CertificateValues, at: (path: string) => string): CertificateConfig {
  const { existingCertFile, existingKeyFile, proof } = values;
  const hasExisting = existingCertFile !== undefined && existingKeyFile !== undefined;
  return {
    name: values.name,
    serviceId: values.serviceId,
    enrolmentTokenFile: optional(values.enrolmentTokenFile, at),
    existing: hasExisting ? { certFile: at(existingCertFile), keyFile: at(existingKeyFile) } : undefined,
    keyType: values.keyType,
    commonName: values.commonName,
    dnsNames: values.dnsNames,
    ipAddresses: values.ipAddresses,
    uris: values.uris,
    validityDays: values.validityDays,
    validityHours: values.validityHours,
    outputs: values.outputs.map((output) => settleOutput(output, { certificate: values.name, at })),
    proof: {
      registeredEndpoints: proof.registeredEndpoints,
      endpoints: proof.endpoints.map(settleEndpoint),
      timeoutMs: proof.timeoutSeconds * 1000,
    },
  };
}

function settleEndpoint({ address, serverName, protocol }: EndpointValues): Endpoint {
  const colon = address.lastIndexOf(':');
  const host = address.slice(0, colon).replace(/^\[(.*)\]$/, '$1');
  return { host, port: Number(address.slice(colon + 1)), serverName, protocol };
}

function optional(path: string | undefined, at: (path: string) => string): string | undefined {
  return path === undefined ? undefined : at(path);
}
