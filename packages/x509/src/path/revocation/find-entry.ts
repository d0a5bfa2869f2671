import { DerReader, equalBytes, Tag } from '@vcc-pki/asn1';
import { type RevokedEntry, readRevokedEntry } from '../../certificate-list.ts';
import { decodeExtension } from '../../extension.ts';
import { extensionId } from '../../extension-id.ts';
import { parseCertificateIssuer } from '../../extensions/certificate-issuer.ts';
import type { SerialNumber } from '../../serial-number.ts';
import { X509Error } from '../../x509-error.ts';
import { nameKey } from '../names/name-key.ts';
import type { PathCrl } from './path-crl.ts';

/** Which certificate is looked for: its issuer's comparison text, because an indirect CRL has entries of several issuers. */
export interface EntryQuery {
  readonly serialNumber: SerialNumber;
  readonly issuer: string;
}

/** Extensions of entries that may be critical: the only one that must be (RFC 5280 s5.3.3), and those that harm nobody. */
const knownExtensions: ReadonlySet<string> = new Set([
  extensionId.certificateIssuer,
  extensionId.reasonCode,
  extensionId.invalidityDate,
]);

/** An entry's extensions as nearly all entries have them: a reasonCode alone, not critical. The reason itself follows. */
const onlyReasonCode = Uint8Array.of(0x30, 0x0c, 0x30, 0x0a, 0x06, 0x03, 0x55, 0x1d, 0x15, 0x04, 0x03, 0x0a, 0x01);

/**
 * Finds a certificate among the entries of a CRL (RFC 5280 s6.3.3(i) and (j)). All entries are gone through, because one
 * with an unknown critical extension makes the whole CRL unusable (s5.3); those in the usual form are passed over by
 * their octets.
 * @throws {@link X509Error} `invalidStructure` when the CRL cannot be used; {@link DerError}
 */
export function findEntry(crl: PathCrl, { serialNumber, issuer }: EntryQuery): RevokedEntry | undefined {
  const { entriesDer, version } = crl.list;
  let currentIssuer = crl.issuer.text;
  let found: RevokedEntry | undefined;
  let at = 0;
  while (at < entriesDer.length) {
    const end = endOfOrdinaryEntry(entriesDer, at);
    if (end !== undefined && !hasSerialNumber(entriesDer, at, serialNumber)) {
      at = end;
      continue;
    }
    const reader = new DerReader(entriesDer.subarray(at), at);
    const entry = readRevokedEntry(reader, version);
    at = reader.offset;
    currentIssuer = issuerOf(entry, crl) ?? currentIssuer;
    if (currentIssuer === issuer && equalBytes(entry.serialNumber, serialNumber)) found = entry;
  }
  return found;
}

/** The issuer that an entry names for itself and those after it. */
function issuerOf(entry: RevokedEntry, crl: PathCrl): string | undefined {
  const unknown = entry.extensions.find(({ id, critical }) => critical && !knownExtensions.has(id));
  if (unknown) throw new X509Error('invalidStructure', `an entry with the critical extension ${unknown.id}`);
  const names = decodeExtension(entry.extensions, extensionId.certificateIssuer, parseCertificateIssuer);
  if (names === undefined) return undefined;
  // s5.3.3: in indirect CRLs only, and with the issuer's distinguished name.
  const name = names.find(({ type }) => type === 'directoryName');
  if (crl.issuingDistributionPoint?.indirectCRL !== true || name?.type !== 'directoryName') {
    throw new X509Error('invalidStructure', 'a certificateIssuer where none can be, or without a name');
  }
  return nameKey(name.value).text;
}

/** Where the entry at `at` ends, if it is in the usual form: a serial number, a time, and at most a reasonCode. */
function endOfOrdinaryEntry(bytes: Uint8Array, at: number): number | undefined {
  const length = bytes[at + 1] ?? 0x80;
  const end = at + 2 + length;
  if (bytes[at] !== Tag.sequence || length >= 0x80 || end > bytes.length || bytes[at + 2] !== Tag.integer) {
    return undefined;
  }
  const serialLength = bytes[at + 3] ?? 0x80;
  const time = at + 4 + serialLength;
  const timeTag = bytes[time];
  const timeLength = bytes[time + 1];
  const isTime =
    (timeTag === Tag.utcTime && timeLength === 13) || (timeTag === Tag.generalizedTime && timeLength === 15);
  if (!isTime || !isShortestForm(bytes, at + 4, serialLength)) return undefined;
  const rest = time + 2 + (timeLength ?? 0);
  if (rest === end) return end;
  return rest + onlyReasonCode.length + 1 === end && hasOctets(bytes, rest, onlyReasonCode) ? end : undefined;
}

/** A serial number in more octets than needed is left to the strict reader, which refuses it. */
function isShortestForm(bytes: Uint8Array, at: number, length: number): boolean {
  const first = bytes[at] ?? 0;
  const sign = (bytes[at + 1] ?? 0) >= 0x80;
  if (length < 2) return length === 1;
  return !((first === 0x00 && !sign) || (first === 0xff && sign));
}

function hasSerialNumber(bytes: Uint8Array, entryAt: number, serialNumber: SerialNumber): boolean {
  return bytes[entryAt + 3] === serialNumber.length && hasOctets(bytes, entryAt + 4, serialNumber);
}

function hasOctets(bytes: Uint8Array, at: number, octets: Uint8Array): boolean {
  for (let i = 0; i < octets.length; i++) if (bytes[at + i] !== octets[i]) return false;
  return true;
}
