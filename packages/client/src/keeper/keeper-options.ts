import type { KeyType } from '@vcc-pki/signer';
import type { RetryPolicy } from '../api/retry.ts';
import type { TransportLimits } from '../api/transport.ts';
import type { Clock } from '../clock.ts';
import type { CertificateFiles } from '../files/certificate-files.ts';

/** What to ask for beside the service; each member has a default of the server. */
export interface RequestedNames {
  readonly commonName?: string;
  readonly dns?: readonly string[];
  readonly ips?: readonly string[];
  readonly uris?: readonly string[];
  readonly validityDays?: number;
  readonly validityHours?: number;
}

export interface CertificateKeeperOptions {
  readonly serviceId: string;
  /** `https://host:port`; when absent, that of the enrolment token. */
  readonly pkiServerUrl?: string | undefined;
  readonly files: CertificateFiles;
  /** Root certificates in PEM; when absent, those beside the certificate, and for a newcomer the one pinned by the token. */
  readonly trustedPem?: string;
  /** Default P-256. */
  readonly keyType?: KeyType;
  readonly request?: RequestedNames;
  /** For a service without a certificate: the one-time token, or where to get it from when it is needed. */
  readonly enrolmentToken?: string | (() => string | undefined | Promise<string | undefined>) | undefined;
  /** Begin to renew so many days before the end, if that is earlier than what the server proposes. */
  readonly renewBeforeDays?: number;
  readonly connection?: TransportLimits & {
    readonly retry?: Partial<RetryPolicy>;
    readonly trace?: (line: string) => void;
  };
  readonly clock?: Clock;
  /** Uniform in [0, 1), as Math.random. */
  readonly random?: () => number;
}
