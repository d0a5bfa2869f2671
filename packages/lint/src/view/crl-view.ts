import { type DerElement, type DerReader, Tag } from '@vcc-pki/asn1';
import { type AlgorithmIdentifier, readAlgorithmIdentifier } from './algorithm-identifier.ts';
import { readerOf } from './elements.ts';
import {
  decodeExtension,
  type Extended,
  type Extension,
  type Extensions,
  type ExtensionType,
  readExplicitExtensions,
  readExtensionList,
} from './extension.ts';
import { deltaCrlIndicator } from './extensions/crl-number.ts';
import { reasonCode } from './extensions/entry-extensions.ts';
import { type Name, type Named, readName } from './name.ts';
import { readSigned, type TwiceSigned } from './signed.ts';
import { readTime, type Time } from './time.ts';

/** One revoked certificate (RFC 5280 s5.1.2.6). */
export interface RevokedEntry {
  /** Counted from 1. */
  readonly position: number;
  /** Two's complement, as encoded. */
  readonly serialNumber: Uint8Array;
  readonly revocationDate: Time;
  /** Undefined when the field is absent, which is not the same as empty. */
  readonly extensions: readonly Extension[] | undefined;
  readonly reason: number | undefined;
}

/** A CRL as the rules see it (RFC 5280 s5.1). Its entries are read anew by each walk over them, so that a big CRL needs no memory. */
export class CrlView implements TwiceSigned, Named, Extended {
  readonly signatureAlgorithm: AlgorithmIdentifier;
  /** 1 for v2; undefined when absent, which means v1. */
  readonly version: number | undefined;
  readonly tbsSignatureAlgorithm: AlgorithmIdentifier;
  readonly issuer: Name;
  readonly names: readonly Name[];
  readonly thisUpdate: Time;
  readonly nextUpdate: Time | undefined;
  readonly extensions: Extensions;
  readonly #revokedCertificates: DerElement | undefined;

  /** @throws DerError */
  constructor(der: Uint8Array) {
    const { tbs, signatureAlgorithm } = readSigned(der);
    this.signatureAlgorithm = signatureAlgorithm;
    this.version = tbs.peekTag() === Tag.integer ? tbs.readSmallInteger(0, 1) : undefined;
    this.tbsSignatureAlgorithm = readAlgorithmIdentifier(tbs);
    this.issuer = readName(tbs);
    this.names = [this.issuer];
    this.thisUpdate = readTime(tbs);
    const next = tbs.peekTag();
    this.nextUpdate = next === Tag.utcTime || next === Tag.generalizedTime ? readTime(tbs) : undefined;
    this.#revokedCertificates = tbs.readOptional(Tag.sequence);
    this.extensions = readExplicitExtensions(tbs, 0);
    tbs.end();
  }

  get isDelta(): boolean {
    return this.extensions.find(deltaCrlIndicator) !== undefined;
  }

  /** Size of `revokedCertificates` in octets; undefined when the field is absent. */
  get revokedOctets(): number | undefined {
    return this.#revokedCertificates?.content.length;
  }

  /** Reads the serial numbers of the entries, and nothing else of them. @throws DerError */
  *serialNumbers(): Generator<Uint8Array> {
    if (!this.#revokedCertificates) return;
    const reader = readerOf(this.#revokedCertificates);
    while (!reader.atEnd) yield reader.readSequence().readIntegerBytes();
  }

  /** Reads the entries one after another. @throws DerError */
  *entries(): Generator<RevokedEntry> {
    if (!this.#revokedCertificates) return;
    const reader = readerOf(this.#revokedCertificates);
    for (let position = 1; !reader.atEnd; position++) yield readEntry(reader.readSequence(), position);
  }
}

function readEntry(reader: DerReader, position: number): RevokedEntry {
  const serialNumber = reader.readIntegerBytes();
  const revocationDate = readTime(reader);
  const extensions = reader.atEnd ? undefined : readExtensionList(reader);
  reader.end();
  const reason = findExtension(extensions, reasonCode);
  return {
    position,
    serialNumber,
    revocationDate,
    extensions,
    reason: reason && decodeExtension(reason, reasonCode),
  };
}

/** The first extension of that type of an entry. */
export function findEntryExtension(entry: RevokedEntry, type: ExtensionType<unknown>): Extension | undefined {
  return findExtension(entry.extensions, type);
}

function findExtension(
  extensions: readonly Extension[] | undefined,
  type: ExtensionType<unknown>,
): Extension | undefined {
  if (extensions) for (const extension of extensions) if (extension.oid === type.oid) return extension;
  return undefined;
}
