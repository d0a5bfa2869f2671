import type { GeneralName } from '@vcc-pki/x509';
import type { CertificateProfile } from './profiles.ts';

/** What a requester asks for, read from the wire and bounded, but not yet judged. */
export interface CertificateOrder {
  /** The service that the certificate will name. */
  readonly serviceId: string;
  readonly commonName?: string | undefined;
  /** Names asked for beside those in the CSR. `field` is where the request has it, for refusals: `san_dns[1]`. */
  readonly names: readonly OrderedName[];
  /** PKCS#10 request in DER. */
  readonly csr: Uint8Array;
  /** The configured default when absent. */
  readonly validity?: OrderedValidity | undefined;
  /** The profile `service` when absent. */
  readonly profile?: CertificateProfile | undefined;
  /** What the requester says about its key; must match the CSR. */
  readonly keyType?: string | undefined;
  readonly keySize?: number | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** A length of validity; `field` is where the request has it, for refusals: `validity_hours`. */
export interface OrderedValidity {
  readonly lengthMs: number;
  readonly field: string;
}

export interface OrderedName {
  readonly field: string;
  readonly name: GeneralName;
}
