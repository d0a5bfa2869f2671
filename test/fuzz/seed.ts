import type { CertificationPathRequest } from '@vcc-pki/x509';

/** Octets to be damaged, and what is to be done with the damaged ones. */
export interface Seed {
  readonly name: string;
  readonly octets: Uint8Array;
  /** Makes the object of damaged octets: signs anew what is to be signed. Absent when `octets` are the whole object. */
  readonly seal?: (damaged: Uint8Array) => Uint8Array;
  /** A certification path with the object in its place. Absent when it has none there. */
  readonly request?: (der: Uint8Array) => CertificationPathRequest;
}
