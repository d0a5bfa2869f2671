import { join, resolve } from 'node:path';
import type { PolicyDefaults, Whitelist } from '../policy/index.ts';
import { type CamelCased, toCamelCase } from './camel-case.ts';
import { checkGeneral, checkWhitelist } from './check-relations.ts';
import { checkValues } from './check-values.ts';
import { ConfigError, type Finding } from './config-error.ts';
import { loadYaml } from './load-yaml.ts';
import { type ConfigFileName, type ConfigFileValues, configFileNames, schemas } from './schemas/index.ts';
import { type RotationValues, settleRotation } from './settle-rotation.ts';
import type { KeyPath, YamlSource } from './yaml-source.ts';

type General = CamelCased<ConfigFileValues['pki_config.yaml']>;

/** The configuration of one server: what the files say over the defaults, keys in camelCase, paths absolute. */
export interface PkiConfig extends Omit<General, 'pkiServer' | 'rotation'> {
  /** The PKI directory, absolute. */
  readonly directory: string;
  readonly pkiServer: Omit<General['pkiServer'], 'publicUrl'> & { readonly publicUrl: string };
  /** The settings of rotation_policy.yaml and of `rotation` in pki_config.yaml, which are one. */
  readonly rotation: CamelCased<RotationValues>;
  readonly whitelist: Whitelist;
}

/** What the command line or the environment says over the files. Port 0 takes a free one. */
export interface ConfigOverrides {
  readonly port?: number | undefined;
  readonly publicPort?: number | undefined;
}

/** Where the files stand within the PKI directory. */
export const configFolder = 'config';

/**
 * Loads the three files of `<pkiDirectory>/config` and checks every key and value, and how they fit together.
 * @throws {@link ConfigError} with everything that is wrong in all files; errors of the file system as Node gives them.
 */
export async function loadConfig(pkiDirectory: string, overrides: ConfigOverrides = {}): Promise<PkiConfig> {
  const entries = configFileNames.map(async (name) => [name, await loadSource(join(pkiDirectory, configFolder, name))]);
  const sources = Object.fromEntries(await Promise.all(entries)) as Record<ConfigFileName, YamlSource>;
  const values = checkFiles(sources);
  const { rotation, findings } = settleRotation(values, sources);
  const general = withOverrides(values['pki_config.yaml'], overrides);
  findings.push(...checkGeneral(general, rotation, sources['pki_config.yaml']));
  findings.push(...checkWhitelist(values['service_whitelist.yaml'], general, sources['service_whitelist.yaml']));
  if (findings.length > 0) throw new ConfigError(inOrder(findings));
  return toConfig(resolve(pkiDirectory), { general, rotation, whitelist: values['service_whitelist.yaml'] });
}

/** An error about a key of pki_config.yaml that is good by itself and does not fit what the ledger knows. */
export async function generalConflict(pkiDirectory: string, path: KeyPath, message: string): Promise<ConfigError> {
  const source = await loadSource(join(pkiDirectory, configFolder, 'pki_config.yaml'));
  return new ConfigError([source.finding('conflict', path, message)]);
}

/** What the policy takes for entries that do not say otherwise. */
export function policyDefaults({ pkiServer, serviceCertificates, security }: PkiConfig): PolicyDefaults {
  return {
    trustDomain: pkiServer.trustDomain,
    maxCertificates: serviceCertificates.maxCertificatesPerService,
    maxValidityDays: serviceCertificates.maxValidityDays,
    rateLimitCertsPerHour: security.rateLimitCertsPerHour,
    keyTypes: serviceCertificates.allowedKeyTypes,
  };
}

function loadSource(file: string): Promise<YamlSource> {
  return loadYaml(file, '"vcc-pki init" makes a PKI directory with all of them');
}

/** @throws {@link ConfigError} */
function checkFiles(sources: Readonly<Record<ConfigFileName, YamlSource>>): ConfigFileValues {
  const findings: Finding[] = [];
  const checked = configFileNames.map((name) => {
    const result = checkValues(schemas[name], sources[name]);
    findings.push(...sources[name].findings, ...result.findings);
    return [name, 'value' in result ? result.value : undefined];
  });
  if (findings.length > 0) throw new ConfigError(inOrder(findings));
  return Object.fromEntries(checked) as ConfigFileValues;
}

function inOrder(findings: readonly Finding[]): Finding[] {
  const rank = (file: string): number => configFileNames.findIndex((name) => file.endsWith(name));
  return findings.toSorted((a, b) => rank(a.file) - rank(b.file) || a.line - b.line || a.column - b.column);
}

type GeneralFile = ConfigFileValues['pki_config.yaml'];

function withOverrides(general: GeneralFile, { port, publicPort }: ConfigOverrides): GeneralFile {
  const { pki_server } = general;
  const ports = { port: port ?? pki_server.port, public_port: publicPort ?? pki_server.public_port };
  return { ...general, pki_server: { ...pki_server, ...ports } };
}

function toConfig(
  directory: string,
  parts: { general: GeneralFile; rotation: RotationValues; whitelist: ConfigFileValues['service_whitelist.yaml'] },
): PkiConfig {
  const { pkiServer, rootCa, intermediateCa, security, keks, ...rest } = toCamelCase(parts.general);
  const at = (path: string): string => resolve(directory, path);
  const files = (ca: { certFile: string; keyFile: string }) => ({ certFile: at(ca.certFile), keyFile: at(ca.keyFile) });
  return {
    ...rest,
    directory,
    pkiServer: {
      ...pkiServer,
      sslCert: at(pkiServer.sslCert),
      sslKey: at(pkiServer.sslKey),
      database: /^postgres(ql)?:\/\//.test(pkiServer.database) ? pkiServer.database : at(pkiServer.database),
      publicUrl: pkiServer.publicUrl ?? `http://${pkiServer.dnsNames[0]}:${pkiServer.publicPort}`,
    },
    rootCa: { ...rootCa, ...files(rootCa) },
    intermediateCa: { ...intermediateCa, ...files(intermediateCa) },
    keks: { ...keks, rootKeyFile: at(keks.rootKeyFile) },
    security: {
      ...security,
      ...(security.crlExportFolder !== undefined && { crlExportFolder: at(security.crlExportFolder) }),
    },
    rotation: toCamelCase(parts.rotation),
    whitelist: toCamelCase(parts.whitelist),
  };
}
