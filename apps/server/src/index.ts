/**
 * The PKI server as a library, for the CLI: {@link initializePki} makes a PKI in a folder, {@link startServer} runs it.
 *
 * @module
 */

export {
  type AuditChainVerdict,
  type AuditHead,
  type AuditRow,
  canonicalJson,
  type JsonObject,
  verifyAuditChain,
} from './audit/index.ts';
export { type Clock, systemClock } from './clock.ts';
export { ConfigError, formatFinding, isInitialized, loadConfig, type PkiConfig } from './config/index.ts';
export {
  AlreadyInitializedError,
  type Initialized,
  type InitializeOptions,
  initializePki,
} from './init/initialize.ts';
export { startServer } from './main.ts';
export type { RunningServer, ServerOptions } from './server-options.ts';
