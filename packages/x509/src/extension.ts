import {
  contextConstructed,
  type Der,
  DerError,
  DerReader,
  encodeBoolean,
  encodeOctetString,
  encodeOid,
  encodeSequence,
  type Oid,
} from '@vcc-pki/asn1';
import { X509Error } from './x509-error.ts';

/** One extension of a certificate, CSR, CRL or CRL entry (RFC 5280 s4.2), its value not yet taken apart. */
export interface Extension {
  readonly id: Oid;
  readonly critical: boolean;
  /** What the OCTET STRING holds: DER of the extension's own type. */
  readonly value: Uint8Array;
}

/**
 * Reads the next value as Extensions.
 * @throws {@link X509Error} `duplicateExtension` (RFC 5280 s4.2); {@link DerError}
 */
export function readExtensions(reader: DerReader): Extension[] {
  const inner = reader.readSequence();
  const extensions: Extension[] = [];
  const seen = new Set<Oid>();
  // SIZE (1..MAX): an empty list is not one.
  do {
    const extension = readExtension(inner.readSequence());
    if (seen.has(extension.id)) throw new X509Error('duplicateExtension', `the extension ${extension.id} stands twice`);
    seen.add(extension.id);
    extensions.push(extension);
  } while (!inner.atEnd);
  return extensions;
}

/** Reads `[n] EXPLICIT Extensions OPTIONAL`; none when absent. @throws {@link DerError} {@link X509Error} */
export function readExplicitExtensions(outer: DerReader, n: number): readonly Extension[] {
  const explicit = outer.readOptional(contextConstructed(n));
  if (explicit === undefined) return [];
  const reader = new DerReader(explicit.content, explicit.offset);
  const extensions = readExtensions(reader);
  reader.end();
  return extensions;
}

function readExtension(reader: DerReader): Extension {
  const id = reader.readOid();
  const offset = reader.offset;
  const critical = reader.peekTag() === 0x01 && reader.readBoolean();
  if (!critical && reader.offset !== offset) {
    throw new DerError('invalidValue', 'FALSE is the default and must be left out (X.690 s11.5)', offset);
  }
  const value = reader.readOctetString();
  reader.end();
  return { id, critical, value };
}

/** Encodes Extensions in the given order. @throws RangeError when there is none, or one stands twice. */
export function encodeExtensions(extensions: readonly Extension[]): Der {
  if (extensions.length === 0 || new Set(extensions.map(({ id }) => id)).size !== extensions.length) {
    throw new RangeError('a list of extensions has at least one, and each once (RFC 5280 s4.2)');
  }
  return encodeSequence(...extensions.map(encodeExtension));
}

function encodeExtension(extension: Extension): Der {
  const known = encodings.get(extension);
  if (known !== undefined) return known;
  const { id, critical, value } = extension;
  if (!critical) return encodeSequence(encodeOid(id), encodeOctetString(value));
  return encodeSequence(encodeOid(id), encodeBoolean(true), encodeOctetString(value));
}

const encodings = new WeakMap<Extension, Der>();

/**
 * Makes an extension that stands in one certificate after another, for example in all of an issuer: it is encoded once, for
 * as long as the same object is used. Its value must not be changed any more.
 */
export function constantExtension(extension: Extension): Extension {
  const constant = { ...extension };
  encodings.set(constant, encodeExtension(constant));
  return constant;
}

/** The extension of that OID, if it is there. */
export function findExtension(extensions: readonly Extension[], id: Oid): Extension | undefined {
  return extensions.find((extension) => extension.id === id);
}

/**
 * The value of the extension of that OID taken apart by its parser, for example
 * `decodeExtension(certificate.extensions, extensionId.keyUsage, parseKeyUsage)`; `undefined` when it is not there.
 * @throws {@link DerError} when the value is malformed.
 */
export function decodeExtension<Value>(
  extensions: readonly Extension[],
  id: Oid,
  parse: (value: Uint8Array) => Value,
): Value | undefined {
  const extension = findExtension(extensions, id);
  return extension === undefined ? undefined : parse(extension.value);
}

/** Reads the one value that an extension holds with `read`, and refuses octets after it. @throws {@link DerError} */
export function readWhole<Value>(value: Uint8Array, read: (reader: DerReader) => Value): Value {
  const reader = new DerReader(value);
  const result = read(reader);
  reader.end();
  return result;
}
