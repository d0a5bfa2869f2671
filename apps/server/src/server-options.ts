import type { App } from './app.ts';
import type { Clock } from './clock.ts';
import type { FaultLabel, IssuanceDeps } from './issuance/deps.ts';
import type { LogTarget } from './log.ts';
import type { OcspResponder } from './ocsp/ocsp-responder.ts';

export interface ServerOptions {
  /** Folder that `init` made. */
  readonly directory: string;
  /** Of the intermediate key, UTF-8 octets. */
  readonly passphrase: Uint8Array;
  /** Instead of the configured ports; 0 takes a free one. */
  readonly port?: number | undefined;
  readonly publicPort?: number | undefined;
  readonly clock: Clock;
  /** Where the structured log goes; standard output when absent. */
  readonly logTo?: LogTarget | undefined;
  /** For tests that do not wait: time between two rounds of housekeeping; a minute when absent. */
  readonly housekeepingIntervalMs?: number | undefined;
  /** For tests: called at each labelled step of an issuance. */
  readonly faultPoint?: ((label: FaultLabel) => void) | undefined;
  /** For benchmarks: adds routes to the finished app before it listens. */
  readonly extend?:
    | ((app: App, parts: IssuanceDeps & { readonly ocsp: OcspResponder | undefined }) => void)
    | undefined;
}

export interface RunningServer {
  readonly apiUrl: string;
  readonly publicUrl: string;
  /** SHA-256 of the root certificate in DER, lower-case hex. */
  readonly rootFingerprint: string;
  /** True while the root key lies beside the server's data, where it should not be. */
  readonly rootKeyPresent: boolean;
  /** Finishes the requests that are under way, then closes everything. */
  close(): Promise<void>;
}
