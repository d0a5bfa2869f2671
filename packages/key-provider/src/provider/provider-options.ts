import type { KekKem } from '@vcc-pki/kek';
import type { CachePolicyInput } from '../cache/cache-policy.ts';
import type { TimeSource } from '../cache/time-source.ts';
import type { SecretMemory } from '../keys/secret-memory.ts';
import type { KekServer, ServiceIdentity } from './kek-server.ts';

/** What a provider is made of. */
export interface PKIKeyProviderOptions extends ProviderSettings {
  /** The server; {@link PKIKeyProvider.at} makes it from an address and the files of the service. */
  readonly server: KekServer;
  /** The service certificate and its key, asked for at each request: they may have been renewed. */
  readonly identity: () => ServiceIdentity;
  /** Root certificates in PEM: the only ones that KEK certificates may come from. */
  readonly trustedPem: string;
}

/** Who the service is and whom it trusts; PEM. */
export interface ProviderTls {
  /** The service certificate with its chain. */
  readonly certificatePem: string;
  readonly keyPem: string;
  /** Root certificates: the only ones that server and KEKs may come from. */
  readonly trustedPem: string;
}

/** What may be set; all have defaults. */
export interface ProviderSettings {
  /** Limits of the cache and of offline mode: docs/key-provider.md, "Cache". */
  readonly cache?: CachePolicyInput;
  /** Names this process among those of the service. Default: random. */
  readonly instance?: string;
  /** Key agreement of deliveries. Default X-Wing, which stays closed to those who record it for a quantum computer. */
  readonly kem?: KekKem;
  /** Whether this service reads what compromised KEKs protect. Default false: only re-encryption does. */
  readonly mayDecryptCompromised?: boolean;
  /** The start waits for up to this long at random, so that a fleet does not come at once. Default 500 ms. */
  readonly startSpreadMs?: number;
  /**
   * File in which KEKs and keys of groups are kept, sealed to the private key of the service, so that it can start while the
   * server is down.
   * Default: none, KEKs are in memory alone. All limits count from the last confirmation by the server.
   */
  readonly sealedCacheFile?: string;
  /** How long the start goes on trying. Default 30 s. */
  readonly startTimeoutMs?: number;
  readonly time?: TimeSource;
  /** From 0 to 1; for tests. */
  readonly random?: () => number;
  readonly memory?: SecretMemory;
}
