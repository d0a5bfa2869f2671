import { contextConstructed, DerReader, type Oid, Tag } from '@vcc-pki/asn1';
import { readEach } from './elements.ts';

/** One extension; its value is not decoded yet. */
export interface Extension {
  readonly oid: Oid;
  readonly critical: boolean;
  /** `critical` is there and says FALSE, the default. */
  readonly encodesDefault: boolean;
  /** What the OCTET STRING holds. */
  readonly value: Uint8Array;
  /** Where `value` starts in the outermost buffer. */
  readonly offset: number;
}

/** How the value of one kind of extension is decoded. */
export interface ExtensionType<T> {
  readonly oid: Oid;
  /** Reads the value; the caller makes sure that nothing is left over. */
  readonly decode: (value: DerReader) => T;
}

/** What may carry extensions. */
export interface Extended {
  readonly extensions: Extensions;
}

/** The extensions of one certificate, CRL, CRL entry or request; each value is decoded when it is first asked for, and once. */
export class Extensions {
  /** False when the field is absent, which is not the same as an empty sequence. */
  readonly isPresent: boolean;
  readonly list: readonly Extension[];
  #byOid: Map<Oid, Extension> | undefined;
  readonly #decoded = new Map<ExtensionType<unknown>, unknown>();

  constructor(list: readonly Extension[] | undefined) {
    this.isPresent = list !== undefined;
    this.list = list ?? [];
  }

  /** The first extension of that type. */
  find(type: { readonly oid: Oid }): Extension | undefined {
    this.#byOid ??= indexByOid(this.list);
    return this.#byOid.get(type.oid);
  }

  /** The decoded value of the first extension of that type. @throws DerError when it is malformed. */
  read<T>(type: ExtensionType<T>): T | undefined {
    const known = this.#decoded.get(type);
    if (known !== undefined) return known as T;
    const extension = this.find(type);
    if (!extension) return undefined;
    const value = decodeExtension(extension, type);
    this.#decoded.set(type, value);
    return value;
  }
}

function indexByOid(list: readonly Extension[]): Map<Oid, Extension> {
  const byOid = new Map<Oid, Extension>();
  for (const extension of list) if (!byOid.has(extension.oid)) byOid.set(extension.oid, extension);
  return byOid;
}

/** Reads `Extensions` (RFC 5280 s4.1.2.9). */
export function readExtensions(reader: DerReader): Extensions {
  return new Extensions(readExtensionList(reader));
}

/** Reads `[n] EXPLICIT Extensions OPTIONAL`. */
export function readExplicitExtensions(tbs: DerReader, n: number): Extensions {
  if (tbs.peekTag() !== contextConstructed(n)) return new Extensions(undefined);
  const reader = tbs.readConstructed(contextConstructed(n));
  const extensions = readExtensions(reader);
  reader.end();
  return extensions;
}

/** Decodes the value of an extension that is of that type. @throws DerError */
export function decodeExtension<T>(extension: Extension, type: ExtensionType<T>): T {
  const reader = new DerReader(extension.value, extension.offset);
  const value = type.decode(reader);
  reader.end();
  return value;
}

export function readExtensionList(reader: DerReader): Extension[] {
  return readEach(reader.readSequence(), readExtension);
}

function readExtension(list: DerReader): Extension {
  const reader = list.readSequence();
  const oid = reader.readOid();
  const hasCritical = reader.peekTag() === Tag.boolean;
  const critical = hasCritical && reader.readBoolean();
  const { content, offset } = reader.readElement(Tag.octetString);
  reader.end();
  return { oid, critical, encodesDefault: hasCritical && !critical, value: content, offset };
}
