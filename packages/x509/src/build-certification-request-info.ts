import {
  type Der,
  encodeImplicitConstructed,
  encodeInteger,
  encodeOid,
  encodeSequence,
  encodeSetOf,
} from '@vcc-pki/asn1';
import { extensionRequestOid } from './certificate-request.ts';
import { type Extension, encodeExtensions } from './extension.ts';

/** What goes into a certificate signing request. */
export interface CertificationRequestInfoInput {
  /** DER Name. */
  readonly subject: Der;
  /** DER SubjectPublicKeyInfo. */
  readonly subjectPublicKeyInfo: Der;
  /** Extensions to ask for; none: the attribute is absent. */
  readonly extensions: readonly Extension[];
}

/**
 * Builds a request up to its signature: DER certificationRequestInfo (RFC 2986 s4.1), for `encodeSigned`.
 * @throws RangeError when an extension stands twice.
 */
export function buildCertificationRequestInfo(input: CertificationRequestInfoInput): Der {
  const { subject, subjectPublicKeyInfo, extensions } = input;
  const attributes =
    extensions.length === 0
      ? []
      : [encodeSequence(encodeOid(extensionRequestOid), encodeSetOf(encodeExtensions(extensions)))];
  return encodeSequence(encodeInteger(0), subject, subjectPublicKeyInfo, encodeImplicitConstructed(0, ...attributes));
}
