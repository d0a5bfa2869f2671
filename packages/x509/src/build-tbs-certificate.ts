import { type Der, encodeExplicit, encodeInteger, encodeSequence, encodeTime } from '@vcc-pki/asn1';
import type { Validity } from './certificate.ts';
import { type Extension, encodeExtensions } from './extension.ts';
import { encodeSerialNumber, type SerialNumber } from './serial-number.ts';
import type { SignatureAlgorithmName } from './signature-algorithms.ts';
import { encodeSignatureAlgorithm } from './signed.ts';

/** What goes into a certificate of version 3. */
export interface TbsCertificateInput {
  readonly serialNumber: SerialNumber;
  readonly signatureAlgorithm: SignatureAlgorithmName;
  /** DER Name: `subject.der` of the issuer's certificate, octet for octet. */
  readonly issuer: Der;
  readonly validity: Validity;
  /** DER Name. */
  readonly subject: Der;
  /** DER SubjectPublicKeyInfo. */
  readonly subjectPublicKeyInfo: Der;
  /** In the order in which they are to stand; none: the field is absent. */
  readonly extensions: readonly Extension[];
}

/** A certificate before its signature. The private field keeps anything else from passing for one. */
class BuiltTbsCertificate {
  readonly #der: Der;

  constructor(der: Der) {
    this.#der = der;
  }

  /** DER of the tbsCertificate: what is to be signed. */
  get der(): Der {
    return this.#der;
  }
}

/** A certificate before its signature; only {@link buildTbsCertificate} makes one. */
export type TbsCertificate = BuiltTbsCertificate;

const version3 = encodeExplicit(0, encodeInteger(2));

/**
 * Builds a certificate up to its signature (RFC 5280 s4.1.2). What the extensions say is not checked here.
 * @throws RangeError when a time cannot be encoded, the serial number is not positive, or an extension stands twice.
 */
export function buildTbsCertificate(input: TbsCertificateInput): TbsCertificate {
  const { validity, extensions } = input;
  return new BuiltTbsCertificate(
    encodeSequence(
      version3,
      encodeSerialNumber(input.serialNumber),
      encodeSignatureAlgorithm(input.signatureAlgorithm),
      input.issuer,
      encodeSequence(encodeTime(validity.notBefore), encodeTime(validity.notAfter)),
      input.subject,
      input.subjectPublicKeyInfo,
      ...(extensions.length === 0 ? [] : [encodeExplicit(3, encodeExtensions(extensions))]),
    ),
  );
}
