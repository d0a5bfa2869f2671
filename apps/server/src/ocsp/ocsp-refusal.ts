import type { OcspErrorStatus } from '@vcc-pki/x509';

/** A request that is answered with an OCSP error (RFC 6960 s2.3), which is never signed. */
export class OcspRefusal extends Error {
  readonly status: OcspErrorStatus;

  constructor(status: OcspErrorStatus, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'OcspRefusal';
    this.status = status;
  }
}
