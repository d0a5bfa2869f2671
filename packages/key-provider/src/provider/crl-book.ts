import { equalBytes } from '@vcc-pki/asn1';
import { type Certificate, parseCertificateList } from '@vcc-pki/x509';
import { CrlHolder, type RevokedSerial } from '../cache/crl-holder.ts';

/** The CRLs of all issuers of KEK certificates. One whose issuer is not known yet waits until it is. */
export class CrlBook {
  readonly #holders: { readonly issuer: Certificate; readonly holder: CrlHolder }[] = [];
  #unattributed: Uint8Array | undefined;

  /** What path validation may use, newest first. */
  get ders(): Uint8Array[] {
    const held = this.#holders.flatMap(({ holder }) => (holder.der === undefined ? [] : [holder.der]));
    return this.#unattributed === undefined ? held : [this.#unattributed, ...held];
  }

  /** The earliest nextUpdate of those in use; undefined while there is none. */
  get nextUpdate(): number | undefined {
    const times = this.#holders.flatMap(({ holder: { nextUpdate } }) => (nextUpdate === undefined ? [] : [nextUpdate]));
    return times.length === 0 ? undefined : Math.min(...times);
  }

  get thisUpdate(): number | undefined {
    const times = this.#holders.flatMap(({ holder: { thisUpdate } }) => (thisUpdate === undefined ? [] : [thisUpdate]));
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** @throws CrlRefusedError and those of malformed DER; what was held stays */
  async accept(der: Uint8Array, nowMs: number): Promise<void> {
    const { issuer } = parseCertificateList(der);
    const known = this.#holders.find((one) => equalBytes(one.issuer.subject.der, issuer.der));
    if (known === undefined) this.#unattributed = der;
    else await known.holder.accept(der, nowMs);
  }

  /** Learns who issues KEK certificates, from a path that was verified; a CRL that waited for it is taken. */
  async learn(issuer: Certificate, nowMs: number): Promise<void> {
    if (this.#holders.some((one) => equalBytes(one.issuer.der, issuer.der))) return;
    this.#holders.push({ issuer, holder: new CrlHolder(issuer) });
    const waiting = this.#unattributed;
    if (waiting === undefined || !equalBytes(parseCertificateList(waiting).issuer.der, issuer.subject.der)) return;
    this.#unattributed = undefined;
    await this.accept(waiting, nowMs);
  }

  nextUpdateOf(issuer: Certificate): number | undefined {
    return this.#holderOf(issuer)?.nextUpdate;
  }

  findRevoked(issuer: Certificate, serialNumber: Uint8Array): RevokedSerial | undefined {
    return this.#holderOf(issuer)?.findRevoked(serialNumber);
  }

  #holderOf(issuer: Certificate): CrlHolder | undefined {
    return this.#holders.find((one) => equalBytes(one.issuer.der, issuer.der))?.holder;
  }
}
