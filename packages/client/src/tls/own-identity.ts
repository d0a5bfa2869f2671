import { createSecureContext, type SecureContext } from 'node:tls';
import type { KeptCertificate } from '../keeper/kept-certificate.ts';

/** TLS 1.2 is the oldest that is not deprecated (RFC 8996); between programs that use this library it is 1.3. */
const minVersion = 'TLSv1.2';

/** What TLS needs of the certificate in use. */
export interface TlsMaterial {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
  readonly minVersion: 'TLSv1.2';
}

/** The certificate in use as the options of `node:tls` have it. */
function tlsMaterial({ fullchainPem, keyPem, caPem }: KeptCertificate): TlsMaterial {
  return { cert: fullchainPem, key: keyPem, ca: caPem, minVersion };
}

/** One TLS context for each certificate in use, made when it is first needed. */
export class OwnIdentity {
  readonly #current: () => KeptCertificate;
  #context: SecureContext | undefined;
  #contextOf: string | undefined;

  constructor(current: () => KeptCertificate) {
    this.#current = current;
  }

  get material(): TlsMaterial {
    return tlsMaterial(this.#current());
  }

  get secureContext(): SecureContext {
    const { fingerprintSha256 } = this.#current();
    if (this.#context === undefined || this.#contextOf !== fingerprintSha256) {
      this.#context = createSecureContext(this.material);
      this.#contextOf = fingerprintSha256;
    }
    return this.#context;
  }
}
