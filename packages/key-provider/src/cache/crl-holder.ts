import { equalBytes } from '@vcc-pki/asn1';
import {
  type Certificate,
  type CertificateRevocationList,
  decodeExtension,
  extensionId,
  parseCertificateList,
  parseCRLNumber,
  parseReasonCode,
  type RevocationReason,
  signatureAlgorithmOf,
  verifySignature,
} from '@vcc-pki/x509';
import { type CrlScope, crlScopeOf, isForPoint } from './crl-scope.ts';

/** Why a CRL was not taken. */
export type CrlRefusal =
  | 'otherIssuer'
  | 'badSignature'
  | 'fromTheFuture'
  | 'noNextUpdate'
  | 'noNumber'
  | 'rollback'
  | 'otherScope';

/** A CRL that was not taken; the one that was held before stays in force. */
export class CrlRefusedError extends Error {
  override readonly name = 'CrlRefusedError';
  readonly reason: CrlRefusal;

  constructor(reason: CrlRefusal, detail: string) {
    super(detail);
    this.reason = reason;
  }
}

/** What is known about one serial number. */
export interface RevokedSerial {
  readonly reason: RevocationReason;
}

/** How far the clock of the issuer may be ahead; CAs backdate thisUpdate, so this is generous. */
const clockSkewMs = 5 * 60_000;

interface HeldCrl {
  readonly list: CertificateRevocationList;
  readonly crlNumber: bigint;
  readonly nextUpdate: number;
  readonly kind: CrlScope['kind'];
}

/**
 * The newest CRL of one issuer: its name, its signature, and never an older one than was seen (RFC 5280 s5.2.3). Whether
 * it is still current is the question of those who use it: {@link nextUpdate} tells.
 */
export class CrlHolder {
  readonly #issuer: Certificate;
  readonly #point: string | undefined;
  #held: HeldCrl | undefined;

  /** @param point address that the certificates name; a CRL that is a part of what is revoked must be the part of it. */
  constructor(issuer: Certificate, point?: string) {
    this.#issuer = issuer;
    this.#point = point;
  }

  get der(): Uint8Array | undefined {
    return this.#held?.list.der;
  }

  get crlNumber(): bigint | undefined {
    return this.#held?.crlNumber;
  }

  /** Milliseconds since the epoch. */
  get thisUpdate(): number | undefined {
    return this.#held?.list.thisUpdate;
  }

  /** Milliseconds since the epoch. */
  get nextUpdate(): number | undefined {
    return this.#held?.nextUpdate;
  }

  /**
   * Takes a CRL that is as new as the one at hand, or newer.
   * @returns whether anything is different now
   * @throws {@link CrlRefusedError}; DerError and X509Error of one that cannot be parsed
   */
  async accept(der: Uint8Array, nowMs: number): Promise<boolean> {
    const list = parseCertificateList(der);
    const scope = crlScopeOf(list);
    const next = { list, crlNumber: readNumber(list), nextUpdate: readNextUpdate(list), kind: scope.kind };
    if (!equalBytes(list.issuer.der, this.#issuer.subject.der)) {
      throw new CrlRefusedError('otherIssuer', 'the CRL is of another issuer');
    }
    if (!isForPoint(scope, this.#point)) {
      throw new CrlRefusedError('otherScope', `the CRL is not for ${this.#point}`);
    }
    if (list.thisUpdate > nowMs + clockSkewMs) {
      throw new CrlRefusedError('fromTheFuture', `thisUpdate is ${new Date(list.thisUpdate).toISOString()}`);
    }
    await this.#checkSignature(list);
    // After the signature has been waited for: another CRL may have been taken meanwhile.
    const held = this.#held;
    if (held !== undefined && next.kind !== held.kind) {
      // Parts and full CRLs are numbered apart: an old one of the other kind could not be told from a new one.
      throw new CrlRefusedError('otherScope', `a ${held.kind} CRL is held, and this is a ${next.kind} one`);
    }
    if (held !== undefined && next.crlNumber < held.crlNumber) {
      throw new CrlRefusedError('rollback', `CRL ${next.crlNumber} is older than ${held.crlNumber}, which was seen`);
    }
    this.#held = next;
    return held === undefined || next.crlNumber > held.crlNumber;
  }

  /** The entry of a serial number, if it is listed as revoked. */
  findRevoked(serialNumber: Uint8Array): RevokedSerial | undefined {
    const entry = this.#held?.list.findEntry(serialNumber);
    if (entry === undefined) return undefined;
    const reason = decodeExtension(entry.extensions, extensionId.reasonCode, parseReasonCode) ?? 'unspecified';
    return reason === 'removeFromCRL' ? undefined : { reason };
  }

  async #checkSignature(list: CertificateRevocationList): Promise<void> {
    const isValid = await verifySignature({
      algorithm: signatureAlgorithmOf(list.signatureAlgorithm),
      publicKey: this.#issuer.subjectPublicKeyInfo.der,
      data: list.tbsDer,
      signature: list.signature,
    });
    if (!isValid) throw new CrlRefusedError('badSignature', 'the signature of the CRL is not its issuer’s');
  }
}

function readNumber(list: CertificateRevocationList): bigint {
  const crlNumber = decodeExtension(list.extensions, extensionId.cRLNumber, parseCRLNumber);
  if (crlNumber === undefined) throw new CrlRefusedError('noNumber', 'the CRL has no number (RFC 5280 s5.2.3)');
  return crlNumber;
}

function readNextUpdate({ nextUpdate }: CertificateRevocationList): number {
  if (nextUpdate === undefined)
    throw new CrlRefusedError('noNextUpdate', 'the CRL has no nextUpdate (RFC 5280 s5.1.2.5)');
  return nextUpdate;
}
