import { stringify } from 'yaml';
import { defaultWhitelist } from './default-whitelist.ts';
import { type ConfigFileName, type ConfigFileValues, configFileNames, schemas } from './schemas/index.ts';
import type { SchemaNode } from './setting.ts';

/** A file to be written into `<pki directory>/config`. */
export interface ConfigFile {
  readonly name: ConfigFileName;
  readonly text: string;
}

type Sections = ConfigFileValues['pki_config.yaml'];

/** Values of pki_config.yaml that differ from the defaults, keys as in the file. */
export type InitialSettings = { readonly [S in keyof Sections]?: Partial<Sections[S]> };

const introductions: Readonly<Record<ConfigFileName, string>> = {
  'pki_config.yaml': `The PKI server. Every key may be left out: it then has the value shown here.
Paths are relative to the PKI directory. All keys are explained in docs/configuration.md; "vcc-pki check-config" checks.`,
  'service_whitelist.yaml': `Who may hold certificates, and which names. Nobody else may.
Each entry can also have allowed_dns, allowed_ips, allowed_uris, max_validity_days, rate_limit_certs_per_hour and key_types.`,
  'rotation_policy.yaml':
    'Rotation of service certificates. Every key may be left out: it then has the value shown here.',
};

/** The three files that `init` writes: every key with its comment, and the services of the mission. */
export function defaultConfigFiles(initial: InitialSettings = {}): ConfigFile[] {
  return configFileNames.map((name) => {
    const body =
      name === 'service_whitelist.yaml' ? whitelistLines() : sectionLines(schemas[name] as SchemaNode, { ...initial });
    return { name, text: [...comment(introductions[name]), ...body, ''].join('\n') };
  });
}

function sectionLines(schema: SchemaNode, initial: Readonly<Record<string, object | undefined>>): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, node]) => {
    const given: Readonly<Record<string, unknown>> = { ...initial[name] };
    const keys = Object.entries(node.properties ?? {}).flatMap(([key, keyNode]) => keyLines(key, keyNode, given[key]));
    return ['', ...comment(node.description ?? ''), `${name}:`, ...keys.map((line) => `  ${line}`)];
  });
}

/** A key with its comment; one that has no value is shown as an example behind `#`. */
function keyLines(key: string, node: SchemaNode, given: unknown): string[] {
  const value = given ?? node.default;
  const line = value === undefined ? `# ${key}: ${inline(node.examples?.[0])}` : `${key}: ${inline(value)}`;
  return [...comment(node.description ?? ''), line];
}

function whitelistLines(): string[] {
  return (['services', 'patterns'] as const).flatMap((list) => {
    const { description, items } = schemas['service_whitelist.yaml'].properties[list] as SchemaNode;
    const entries = defaultWhitelist[list].flatMap((entry, i) => entryLines(entry, i === 0 ? items : undefined));
    return ['', ...comment(description ?? ''), `${list}:`, ...entries.map((line) => `  ${line}`)];
  });
}

/** One entry; the first of a list explains its keys. */
function entryLines(entry: object, explain: SchemaNode | undefined): string[] {
  const lines = Object.entries(entry).flatMap(([key, value]) => [
    ...comment(explain?.properties?.[key]?.description ?? ''),
    `${key}: ${inline(value)}`,
  ]);
  const first = lines.findIndex((line) => !line.startsWith('#'));
  return [...lines.slice(0, first), ...lines.slice(first).map((line, i) => `${i === 0 ? '- ' : '  '}${line}`)];
}

function inline(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0 })
    .trimEnd()
    .replace(/^\[ (.*) \]$/, '[$1]');
}

function comment(text: string): string[] {
  return text === '' ? [] : text.split('\n').map((line) => `# ${line}`);
}
