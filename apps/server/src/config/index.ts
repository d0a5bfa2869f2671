/**
 * The configuration of the server: {@link loadConfig} reads the three files of a PKI directory and refuses them as a
 * whole, with every finding and its place, or gives one {@link PkiConfig}. {@link defaultConfigFiles} writes them.
 *
 * @module
 */

export { ConfigError, type Finding, formatFinding } from './config-error.ts';
export { defaultConfigFiles, type InitialSettings } from './default-files.ts';
export { exists, isInitialized } from './is-initialized.ts';
export { configFolder, generalConflict, loadConfig, type PkiConfig, policyDefaults } from './load-config.ts';
