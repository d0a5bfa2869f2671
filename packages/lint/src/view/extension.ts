import { contextConstructed, type DerElement, DerReader, OctetMemory, type Oid, Tag } from '@vcc-pki/asn1';
import { readEach, readerOf } from './elements.ts';

/** One extension. */
export interface Extension {
  readonly oid: Oid;
  readonly critical: boolean;
  /** `critical` is there and says FALSE, the default. */
  readonly encodesDefault: boolean;
  /** What the OCTET STRING holds. */
  readonly value: Uint8Array;
  /** Where `value` starts in the outermost buffer. */
  readonly offset: number;
  /** All of its octets. */
  readonly der: Uint8Array;
  /** What `value` decodes to; `undefined` until somebody has asked. */
  decoded: unknown;
}

/** How the value of one kind of extension is decoded. */
export interface ExtensionType<T> {
  readonly oid: Oid;
  /** Reads the value; the caller makes sure that nothing is left over. */
  readonly decode: (value: DerReader) => T;
  /** True: other in nearly every certificate, so that it does not pay to remember one. */
  readonly isOwn?: true;
}

/** What may carry extensions. */
export interface Extended {
  readonly extensions: Extensions;
}

/** The extensions of one certificate, CRL or request; each value is decoded when it is first asked for, and once. */
export class Extensions {
  /** False when the field is absent, which is not the same as an empty sequence. */
  readonly isPresent: boolean;
  readonly list: readonly Extension[];
  readonly #byOid: ReadonlyMap<Oid, Extension>;

  constructor(list: readonly Extension[] | undefined) {
    this.isPresent = list !== undefined;
    this.list = list ?? [];
    this.#byOid = indexByOid(this.list);
  }

  /** The first extension of that type. */
  find(type: { readonly oid: Oid }): Extension | undefined {
    return this.#byOid.get(type.oid);
  }

  /** The decoded value of the first extension of that type. @throws DerError when it is malformed. */
  read<T>(type: ExtensionType<T>): T | undefined {
    const extension = this.#byOid.get(type.oid);
    if (extension === undefined) return undefined;
    if (extension.decoded === undefined) {
      extension.decoded = decodeExtension(extension, type);
      if (type.isOwn !== true) remember(extension.der, type);
    }
    return extension.decoded as T;
  }
}

function indexByOid(list: readonly Extension[]): Map<Oid, Extension> {
  const byOid = new Map<Oid, Extension>();
  for (const extension of list) if (!byOid.has(extension.oid)) byOid.set(extension.oid, extension);
  return byOid;
}

/** Reads `Extensions` (RFC 5280 s4.1.2.9). */
export function readExtensions(reader: DerReader): Extensions {
  return new Extensions(
    readEach(
      reader.readSequence(),
      (list) => list.readRemembered(remembered) ?? parseExtension(list.readElement(Tag.sequence)),
    ),
  );
}

/** Certificates of an issuer share most of their extensions, octet for octet: each is taken apart once, with its value. */
const remembered = new OctetMemory<Extension>(256);

/** Keeps an extension that has been decoded, without keeping the certificate or CRL that it stands in. */
function remember(der: Uint8Array, type: ExtensionType<unknown>): void {
  if (der.length > 1024) return;
  const extension = parseExtension(new DerReader(der.slice()).readElement());
  extension.decoded = decodeExtension(extension, type);
  remembered.keep(extension.der, extension);
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

/** Reads `Extensions` of which there are many, as those of CRL entries, and remembers none of them. */
export function readExtensionList(reader: DerReader): Extension[] {
  return readEach(reader.readSequence(), (list) => parseExtension(list.readElement(Tag.sequence)));
}

function parseExtension(element: DerElement): Extension {
  const reader = readerOf(element);
  const oid = reader.readOid();
  const hasCritical = reader.peekTag() === Tag.boolean;
  const critical = hasCritical && reader.readBoolean();
  const { content, offset } = reader.readElement(Tag.octetString);
  reader.end();
  const encodesDefault = hasCritical && !critical;
  return { oid, critical, encodesDefault, value: content, offset, der: element.der, decoded: undefined };
}
