import { equalBytes } from '@vcc-pki/asn1';
import { type Certificate, parseCertificateList } from '@vcc-pki/x509';
import { CrlHolder, CrlRefusedError, type RevokedSerial } from '../cache/crl-holder.ts';
import { type CrlScope, crlScopeOf, isForPoint } from '../cache/crl-scope.ts';

/** Which CRL speaks of a certificate: its issuer's, at the address that the certificate names. */
export interface CrlSource {
  readonly issuer: Certificate;
  readonly crlPoint: string | undefined;
}

interface Waiting {
  readonly der: Uint8Array;
  readonly issuerName: Uint8Array;
  readonly scope: CrlScope;
}

/** The CRLs of all KEK certificates, one for each source. One whose issuer is not known yet waits until it is. */
export class CrlBook {
  readonly #holders: { readonly source: CrlSource; readonly holder: CrlHolder }[] = [];
  #waiting: Waiting[] = [];

  /** What path validation may use, newest first. */
  get ders(): Uint8Array[] {
    const held = this.#holders.flatMap(({ holder }) => (holder.der === undefined ? [] : [holder.der]));
    return [...this.#waiting.map(({ der }) => der), ...held];
  }

  /** The earliest nextUpdate of those in use; undefined while there is none. */
  get nextUpdate(): number | undefined {
    return earliest(this.#holders.map(({ holder }) => holder.nextUpdate));
  }

  /** The earliest thisUpdate of those in use. */
  get thisUpdate(): number | undefined {
    return earliest(this.#holders.map(({ holder }) => holder.thisUpdate));
  }

  /** Whether a CRL for an address is at hand, its issuer known or not. */
  has(crlPoint: string | undefined): boolean {
    const isHeld = this.#holders.some(({ source, holder }) => source.crlPoint === crlPoint && holder.der !== undefined);
    return isHeld || this.#waiting.some(({ scope }) => isForPoint(scope, crlPoint));
  }

  /** nextUpdate of what is at hand for an address; undefined when there is nothing that an issuer is known of. */
  nextUpdateAt(crlPoint: string | undefined): number | undefined {
    const ofPoint = this.#holders.filter(({ source }) => source.crlPoint === crlPoint);
    return earliest(ofPoint.map(({ holder }) => holder.nextUpdate));
  }

  /**
   * Takes a CRL for all whom it concerns.
   * @param options.askedFor the address that it was fetched for, if that is known
   * @throws CrlRefusedError and those of malformed DER; what was held stays
   */
  async accept(
    der: Uint8Array,
    nowMs: number,
    options: { readonly askedFor?: string | undefined } = {},
  ): Promise<void> {
    const list = parseCertificateList(der);
    const scope = crlScopeOf(list);
    if (options.askedFor !== undefined && !isForPoint(scope, options.askedFor)) {
      throw new CrlRefusedError('otherScope', `the CRL is not for ${options.askedFor}`);
    }
    const concerned = this.#holders.filter(
      ({ source }) => equalBytes(source.issuer.subject.der, list.issuer.der) && isForPoint(scope, source.crlPoint),
    );
    for (const { holder } of concerned) await holder.accept(der, nowMs);
    if (concerned.length > 0) return;
    this.#waiting = [
      { der, issuerName: list.issuer.der, scope },
      ...this.#waiting.filter((one) => !isSame(one.scope, scope) || !equalBytes(one.issuerName, list.issuer.der)),
    ];
  }

  /** Learns who issues KEK certificates, from a path that was verified; a CRL that waited for it is taken. */
  async learn(source: CrlSource, nowMs: number): Promise<void> {
    if (this.#holderOf(source) !== undefined) return;
    const holder = new CrlHolder(source.issuer, source.crlPoint);
    this.#holders.push({ source, holder });
    const isIts = ({ issuerName, scope }: Waiting): boolean =>
      equalBytes(issuerName, source.issuer.subject.der) && isForPoint(scope, source.crlPoint);
    const own = this.#waiting.filter(isIts);
    this.#waiting = this.#waiting.filter((one) => !isIts(one));
    for (const { der } of own) await holder.accept(der, nowMs);
  }

  /** Forgets the CRLs of addresses that no certificate names any more. */
  keepOnly(points: ReadonlySet<string | undefined>): void {
    const kept = this.#holders.filter(({ source }) => points.has(source.crlPoint));
    this.#holders.splice(0, this.#holders.length, ...kept);
    this.#waiting = this.#waiting.filter(({ scope }) => [...points].some((point) => isForPoint(scope, point)));
  }

  nextUpdateOf(source: CrlSource): number | undefined {
    return this.#holderOf(source)?.nextUpdate;
  }

  findRevoked(source: CrlSource, serialNumber: Uint8Array): RevokedSerial | undefined {
    return this.#holderOf(source)?.findRevoked(serialNumber);
  }

  #holderOf({ issuer, crlPoint }: CrlSource): CrlHolder | undefined {
    return this.#holders.find(({ source }) => source.crlPoint === crlPoint && equalBytes(source.issuer.der, issuer.der))
      ?.holder;
  }
}

function isSame(a: CrlScope, b: CrlScope): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function earliest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
