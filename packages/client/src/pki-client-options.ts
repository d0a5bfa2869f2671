import type { CertificateKeeperOptions } from './keeper/keeper-options.ts';
import type { RevocationPolicy } from './revocation/revocation-policy.ts';

/** Where the files are: a folder of their own, or each by its name. */
export type CertificatePlace =
  | { readonly folder: string }
  | {
      /** PEM; the chain is written beside it, as `fullchain.pem`. */
      readonly certFile: string;
      /** PKCS #8 PEM, 0600. */
      readonly keyFile: string;
      /** Root certificates, PEM. */
      readonly caFile: string;
    };

/** Everything but the first three has a default; docs/client.md has them all. */
export type PKIClientOptions = Omit<CertificateKeeperOptions, 'files' | 'trustedPem'> &
  CertificatePlace & {
    /** What is done when the news about revocations is old. */
    readonly revocation?: RevocationPolicy;
  };

export interface AutoRenewalOptions {
  /** Begin to renew so many days before the end, if that is earlier than what the server proposes. */
  readonly renewBeforeDays?: number;
  /** For programs that cannot swap the certificate of a running server: called after each renewal. */
  readonly restartCallback?: () => void | Promise<void>;
}

/** Which clients a server asks a certificate of. */
export interface ServerTlsOptions {
  /** `required` (default), `optional`, or `none`. */
  readonly clientCertificates?: 'required' | 'optional' | 'none';
}
