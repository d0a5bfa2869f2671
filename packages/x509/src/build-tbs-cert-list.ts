import {
  concatBytes,
  type Der,
  encodeElement,
  encodeExplicit,
  encodeInteger,
  encodeSequence,
  encodeTime,
  Tag,
} from '@vcc-pki/asn1';
import { type Extension, encodeExtensions } from './extension.ts';
import { extensionId } from './extension-id.ts';
import { encodeInvalidityDate } from './extensions/invalidity-date.ts';
import { encodeReasonCode, type RevocationReason, revocationReasons } from './extensions/reason-code.ts';
import { encodeSerialNumber, type SerialNumber } from './serial-number.ts';
import type { SignatureAlgorithmName } from './signature-algorithms.ts';
import { encodeSignatureAlgorithm } from './signed.ts';

/** One revocation to be put into a CRL; times in milliseconds since the epoch. */
export interface RevokedEntryInput {
  readonly serialNumber: SerialNumber;
  readonly revokedAt: number;
  /** Default `unspecified`, which leaves the extension out (RFC 5280 s5.3.1). */
  readonly reason?: RevocationReason;
  readonly invalidityDate?: number;
}

/** Encodes one member of revokedCertificates; its extensions are not critical (RFC 5280 s5.3). @throws RangeError */
export function encodeRevokedEntry({ serialNumber, revokedAt, reason, invalidityDate }: RevokedEntryInput): Der {
  const extensions =
    invalidityDate === undefined
      ? reasonAlone[reason ?? 'unspecified']
      : encodeExtensions([...reasonExtensions(reason), invalidityDateExtension(invalidityDate)]);
  return encodeSequence(encodeSerialNumber(serialNumber), encodeTime(revokedAt), extensions);
}

function reasonExtensions(reason: RevocationReason = 'unspecified'): Extension[] {
  if (reason === 'unspecified') return [];
  return [{ id: extensionId.reasonCode, critical: false, value: encodeReasonCode(reason) }];
}

function invalidityDateExtension(timeMs: number): Extension {
  return { id: extensionId.invalidityDate, critical: false, value: encodeInvalidityDate(timeMs) };
}

/** The extensions of an entry that gives a reason and nothing else: nearly all of them, so they are encoded once. */
const reasonAlone = Object.fromEntries(
  (Object.keys(revocationReasons) as RevocationReason[]).map((reason) => {
    const extensions = reasonExtensions(reason);
    return [reason, extensions.length === 0 ? new Uint8Array(0) : encodeExtensions(extensions)];
  }),
) as Readonly<Record<RevocationReason, Der>>;

/** What goes into a CRL of version 2; times in milliseconds since the epoch. */
export interface TbsCertListInput {
  readonly signatureAlgorithm: SignatureAlgorithmName;
  /** DER Name: `subject.der` of the issuer's certificate, octet for octet. */
  readonly issuer: Der;
  readonly thisUpdate: number;
  readonly nextUpdate: number;
  /** Made by {@link encodeRevokedEntry}, or several of those joined: only their octets count. */
  readonly entries: Iterable<Uint8Array>;
  /** At least cRLNumber and authorityKeyIdentifier (RFC 5280 s5.2); none: the field is absent. */
  readonly extensions: readonly Extension[];
}

/** Builds a CRL up to its signature: DER tbsCertList (RFC 5280 s5.1.2), for `encodeSigned`. @throws RangeError */
export function buildTbsCertList(input: TbsCertListInput): Der {
  const revoked = joinEntries(input.entries);
  const { before, after } = encodeTbsCertListParts(input);
  // RFC 5280 s5.1.2.6: absent when nothing is revoked.
  return encodeSequence(before, ...(revoked.length === 0 ? [] : [encodeElement(Tag.sequence, revoked)]), after);
}

/** Encodes the fields of a tbsCertList that stand before revokedCertificates, and those behind it. @throws RangeError */
export function encodeTbsCertListParts(frame: Omit<TbsCertListInput, 'entries'>): {
  readonly before: Uint8Array;
  readonly after: Uint8Array;
} {
  const { extensions } = frame;
  return {
    before: concatBytes(
      encodeInteger(1),
      encodeSignatureAlgorithm(frame.signatureAlgorithm),
      frame.issuer,
      encodeTime(frame.thisUpdate),
      encodeTime(frame.nextUpdate),
    ),
    after: extensions.length === 0 ? new Uint8Array(0) : encodeExplicit(0, encodeExtensions(extensions)),
  };
}

/** Joins without spreading into arguments: a million entries would not fit the stack. */
function joinEntries(entries: Iterable<Uint8Array>): Uint8Array {
  const parts = Array.from(entries);
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
