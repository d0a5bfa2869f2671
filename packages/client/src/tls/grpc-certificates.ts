import type { KeptCertificate } from '../keeper/kept-certificate.ts';

type CaListener = (update: { caCertificate: Buffer } | null) => void;
type IdentityListener = (update: { certificate: Buffer; privateKey: Buffer } | null) => void;

/** The `CertificateProvider` of @grpc/grpc-js: what it asks for certificates, and is told of new ones. */
export interface CertificateProvider {
  addCaCertificateListener(listener: CaListener): void;
  removeCaCertificateListener(listener: CaListener): void;
  addIdentityCertificateListener(listener: IdentityListener): void;
  removeIdentityCertificateListener(listener: IdentityListener): void;
}

/** Hands the certificate in use to gRPC channels and servers, and each new one as it comes. */
export class GrpcCertificates implements CertificateProvider {
  readonly #caListeners = new Set<CaListener>();
  readonly #identityListeners = new Set<IdentityListener>();
  #current: KeptCertificate | undefined;

  /** Tells everybody of the certificate that is in use from now on. */
  use(current: KeptCertificate): void {
    this.#current = current;
    for (const listener of this.#caListeners) this.#tellCa(listener);
    for (const listener of this.#identityListeners) this.#tellIdentity(listener);
  }

  addCaCertificateListener(listener: CaListener): void {
    this.#caListeners.add(listener);
    this.#tellCa(listener);
  }

  removeCaCertificateListener(listener: CaListener): void {
    this.#caListeners.delete(listener);
  }

  addIdentityCertificateListener(listener: IdentityListener): void {
    this.#identityListeners.add(listener);
    this.#tellIdentity(listener);
  }

  removeIdentityCertificateListener(listener: IdentityListener): void {
    this.#identityListeners.delete(listener);
  }

  #tellCa(listener: CaListener): void {
    const current = this.#current;
    if (current !== undefined) queueMicrotask(() => listener({ caCertificate: Buffer.from(current.caPem) }));
  }

  #tellIdentity(listener: IdentityListener): void {
    const current = this.#current;
    if (current === undefined) return;
    const [certificate, privateKey] = [Buffer.from(current.fullchainPem), Buffer.from(current.keyPem)];
    queueMicrotask(() => listener({ certificate, privateKey }));
  }
}
