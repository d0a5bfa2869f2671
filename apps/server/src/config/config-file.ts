/**
 * How a configuration file is read and judged, whatever is in it: {@link loadYaml} takes it apart with the place of every
 * key, {@link checkValues} lays it over the defaults of a schema, and what is wrong comes back as {@link Finding}s. The
 * server's three files and the agent's one are read by it. It loads nothing else of the server.
 *
 * @module
 */

export { type CamelCased, toCamelCase } from './camel-case.ts';
export { type Checked, checkValues } from './check-values.ts';
export { ConfigError, type Finding, type FindingCode, formatFinding } from './config-error.ts';
export { loadYaml } from './load-yaml.ts';
export { choice, integer, listSettings, type SchemaNode, type Setting, section, text } from './setting.ts';
export { type KeyPath, parseYaml, type YamlSource } from './yaml-source.ts';
