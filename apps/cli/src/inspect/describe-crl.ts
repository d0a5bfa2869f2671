import { hash } from 'node:crypto';
import { lintCrl } from '@vcc-pki/lint';
import {
  type CertificateRevocationList,
  commonName,
  decodeExtension,
  extensionId,
  formatName,
  parseCertificateList,
  parseCRLNumber,
  parseReasonCode,
  type RevokedEntry,
  serialToDecimal,
  serialToHex,
} from '@vcc-pki/x509';
import { timeText, toTimestamp } from '../time-text.ts';
import { describeExtensions } from './describe-extensions.ts';
import type { Description, DescriptionContext } from './description.ts';
import { signatureName, signatureText } from './signature-name.ts';

/** Tells what a DER CRL says, with its first entries, and what lint says about it. @throws {@link DerError}, {@link X509Error} */
export function describeCrl(der: Uint8Array, { now, limit }: DescriptionContext): Description {
  const crl = parseCertificateList(der);
  const issuer = formatName(crl.issuer);
  const number = decodeExtension(crl.extensions, extensionId.cRLNumber, parseCRLNumber);
  const isDelta = crl.extensions.some(({ id }) => id === extensionId.deltaCRLIndicator);
  const nextUpdate = crl.nextUpdate === undefined ? undefined : toTimestamp(crl.nextUpdate);
  const { count, first } = readEntries(crl, limit);
  const sha256 = hash('sha256', der);
  const extensions = describeExtensions(crl.extensions);
  return {
    title: `${isDelta ? 'delta CRL' : 'CRL'} of ${commonName(crl.issuer) ?? issuer}`,
    facts: [
      ['issuer', issuer || '(empty)'],
      ['number', number?.toString()],
      ['this update', timeText(toTimestamp(crl.thisUpdate), now)],
      ['next update', nextUpdate === undefined ? 'not said' : timeText(nextUpdate, now)],
      ['entries', String(count)],
      ['signed with', signatureText(crl.signatureAlgorithm)],
      ['version', String(crl.version)],
      ['SHA-256', sha256],
    ],
    extensions,
    table: {
      title: 'entries',
      head: ['serial number', 'revoked at', 'reason', 'further'],
      rows: first.map(entryRow),
      omitted: count - first.length,
    },
    findings: lintCrl(der),
    json: {
      kind: 'certificateList',
      version: crl.version,
      issuer,
      crl_number: number?.toString() ?? null,
      delta: isDelta,
      this_update: toTimestamp(crl.thisUpdate),
      next_update: nextUpdate ?? null,
      signature_algorithm: signatureName(crl.signatureAlgorithm),
      fingerprint_sha256: sha256,
      extensions: extensions.map(({ json }) => json),
      entry_count: count,
      complete: first.length === count,
      entries: first.map(entryJson),
    },
  };
}

/** All entries are read, so that a malformed one is found wherever it stands; only the first are kept. */
function readEntries(crl: CertificateRevocationList, limit: number): { count: number; first: RevokedEntry[] } {
  const first: RevokedEntry[] = [];
  let count = 0;
  for (const entry of crl.entries()) {
    if (count < limit) first.push(entry);
    count += 1;
  }
  return { count, first };
}

function entryRow({ serialNumber, revocationDate, extensions }: RevokedEntry): string[] {
  const described = describeExtensions(extensions);
  const isReason = ({ name }: { readonly name: string }): boolean => name === 'reasonCode';
  return [
    serialToHex(serialNumber),
    toTimestamp(revocationDate),
    described.find(isReason)?.lines.join(', ') ?? 'unspecified',
    described.flatMap((one) => (isReason(one) ? [] : one.lines)).join(', '),
  ];
}

function entryJson({ serialNumber, revocationDate, extensions }: RevokedEntry): Readonly<Record<string, unknown>> {
  return {
    serial_number: serialToHex(serialNumber),
    serial_number_decimal: serialToDecimal(serialNumber),
    revoked_at: toTimestamp(revocationDate),
    // RFC 5280 s5.3.1: the absence of a reason means unspecified.
    reason: decodeExtension(extensions, extensionId.reasonCode, parseReasonCode) ?? 'unspecified',
    extensions: describeExtensions(extensions).map(({ json }) => json),
  };
}
