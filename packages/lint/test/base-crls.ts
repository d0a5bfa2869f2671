import { type Der, encodeEnumerated, encodeExplicit, encodeInteger, encodeSequence, encodeTime } from '@vcc-pki/asn1';
import { at, intermediate } from './base-certificates.ts';
import { placeholderSignature, signatures } from './keys.ts';
import { aki, type ExtensionPart, extension, flag, fullName, oids, uri } from './parts.ts';

/** The parts of a CRL, each already encoded. */
export interface CrlParts {
  readonly version: Der | undefined;
  readonly tbsAlgorithm: Der;
  readonly issuer: Der;
  readonly thisUpdate: Der;
  readonly nextUpdate: Der | undefined;
  /** Undefined leaves `revokedCertificates` out; empty writes an empty sequence, which is wrong. */
  readonly entries: readonly Der[] | undefined;
  readonly extensions: readonly ExtensionPart[];
  readonly algorithm: Der;
}

export function encodeCrl(parts: CrlParts): Der {
  const tbs = encodeSequence(
    ...(parts.version ? [parts.version] : []),
    parts.tbsAlgorithm,
    parts.issuer,
    parts.thisUpdate,
    ...(parts.nextUpdate ? [parts.nextUpdate] : []),
    ...(parts.entries ? [encodeSequence(...parts.entries)] : []),
    encodeExplicit(0, encodeSequence(...parts.extensions.map(({ der }) => der))),
  );
  return encodeSequence(tbs, parts.algorithm, placeholderSignature);
}

/** One revoked certificate; without `extensions`, or with an empty list of them. */
export function entry(serial: Der, date: Der, extensions?: readonly ExtensionPart[]): Der {
  return encodeSequence(serial, date, ...(extensions ? [encodeSequence(...extensions.map(({ der }) => der))] : []));
}

export const reason = (code: number, critical = false): ExtensionPart =>
  extension(oids.reason, encodeEnumerated(code), critical);
export const serial = (n: number): Der => encodeInteger(new Uint8Array(16).fill(n));
export const revokedAt: Der = encodeTime(at('2026-10-15'));
export const idp = (...fields: readonly Der[]): ExtensionPart => extension(oids.idp, encodeSequence(...fields), true);
export const number = (value: number): ExtensionPart => extension(oids.crlNumber, encodeInteger(value));

/** A correct CRL of one shard with nothing revoked. */
export const emptyCrl: CrlParts = {
  version: encodeInteger(1),
  tbsAlgorithm: signatures.ecdsaSha256,
  issuer: intermediate.subject,
  thisUpdate: encodeTime(at('2026-11-01')),
  nextUpdate: encodeTime(at('2026-11-02')),
  entries: undefined,
  extensions: [aki, number(41), idp(fullName(uri('http://pki.vcc.local:8080/crl/7.crl')), flag(1))],
  algorithm: signatures.ecdsaSha256,
};

/** A correct CRL with entries with and without reason. */
export const fullCrl: CrlParts = {
  ...emptyCrl,
  entries: [
    entry(serial(1), revokedAt),
    entry(serial(2), revokedAt, [reason(1)]),
    entry(serial(3), revokedAt, [reason(4)]),
  ],
};

export const deltaCrl: CrlParts = {
  ...emptyCrl,
  entries: [entry(serial(1), revokedAt, [reason(8)])],
  extensions: [aki, number(41), extension(oids.deltaIndicator, encodeInteger(40), true)],
};
