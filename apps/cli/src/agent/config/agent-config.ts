import type { KeyType } from '@vcc-pki/signer';
import type { AdapterName } from './output-schema.ts';

/** What an output file holds. */
export type FileContent = 'cert' | 'key' | 'fullchain' | 'ca' | 'combined' | 'sdsCertificate' | 'sdsValidation';

/** How a program takes its new files up. */
export type ReloadAction =
  | { readonly kind: 'command'; readonly command: readonly [string, ...string[]]; readonly timeoutMs: number }
  | { readonly kind: 'signal'; readonly signal: NodeJS.Signals; readonly pidFile: string }
  | {
      readonly kind: 'haproxyRuntime';
      readonly socket: string;
      /** The certificate by the path that the configuration of HAProxy has. */
      readonly certificateFile: string;
      readonly timeoutMs: number;
    };

/** One folder of files for one program, with everything its adapter says filled in. Paths are absolute. */
export interface OutputConfig {
  readonly adapter: AdapterName;
  readonly folder: string;
  /** Name of each file. */
  readonly files: Readonly<Partial<Record<FileContent, string>>>;
  readonly owner: string | undefined;
  readonly group: string | undefined;
  readonly keyMode: number;
  readonly certMode: number;
  readonly secretName: string;
  readonly reload: ReloadAction | undefined;
}

/** Where a certificate must be served. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** SNI; undefined sends none. */
  readonly serverName: string | undefined;
  readonly protocol: 'tls' | 'postgresql';
}

export interface ProofConfig {
  readonly registeredEndpoints: boolean;
  readonly endpoints: readonly Endpoint[];
  readonly timeoutMs: number;
}

/** One certificate that the agent keeps. */
export interface CertificateConfig {
  readonly name: string;
  readonly serviceId: string;
  readonly enrolmentTokenFile: string | undefined;
  readonly existing: { readonly certFile: string; readonly keyFile: string } | undefined;
  readonly keyType: KeyType;
  readonly commonName: string | undefined;
  readonly dnsNames: readonly string[] | undefined;
  readonly ipAddresses: readonly string[] | undefined;
  readonly uris: readonly string[] | undefined;
  readonly validityDays: number | undefined;
  readonly validityHours: number | undefined;
  readonly outputs: readonly OutputConfig[];
  readonly proof: ProofConfig;
}

/** What agent.yaml says, over the defaults; paths absolute. */
export interface AgentConfig {
  readonly file: string;
  readonly serverUrl: string;
  readonly rootCaFile: string | undefined;
  readonly stateDir: string;
  readonly logLevel: string;
  readonly metricsPort: number | undefined;
  readonly certificates: readonly CertificateConfig[];
}
