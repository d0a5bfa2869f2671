/**
 * How a configuration file is read and judged, whatever is in it: {@link loadChecked} takes it apart with the place of every
 * key, lays it over the defaults of a schema, and what is wrong comes back as {@link Finding}s. The server's three files,
 * the agent's one and the plans of re-encryption are read so. It loads nothing else of the server.
 *
 * @module
 */

export { type CamelCased, toCamelCase } from './camel-case.ts';
export { ConfigError, type Finding, type FindingCode, formatFinding } from './config-error.ts';
export { loadChecked } from './load-checked.ts';
export { choice, integer, listSettings, type SchemaNode, type Setting, section, text } from './setting.ts';
export { type KeyPath, parseYaml, type YamlSource } from './yaml-source.ts';
