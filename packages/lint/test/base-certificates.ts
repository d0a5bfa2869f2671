import {
  type Der,
  encodeBoolean,
  encodeExplicit,
  encodeInteger,
  encodeNull,
  encodeSequence,
  encodeTime,
} from '@vcc-pki/asn1';
import {
  algorithm,
  ed25519Key,
  mlDsaKey,
  p256Key,
  p384Key,
  placeholderSignature,
  rsaKey,
  signatures,
  spki,
} from './keys.ts';
import {
  aia,
  aki,
  caIssuersAccess,
  cdp,
  cn,
  criticalEku,
  dns,
  type ExtensionPart,
  eku,
  extension,
  germany,
  ip,
  keyUsage,
  name,
  o,
  ocspAccess,
  oids,
  ski,
  subjectAltName,
  uri,
  withExtensions,
  withoutExtensions,
} from './parts.ts';

/** The parts of a certificate, each already encoded, so that a fixture can bend exactly one. */
export interface CertificateParts {
  readonly version: Der | undefined;
  readonly serialNumber: Der;
  readonly tbsAlgorithm: Der;
  readonly issuer: Der;
  readonly notBefore: Der;
  readonly notAfter: Der;
  readonly subject: Der;
  readonly publicKey: Der;
  readonly uniqueIds: readonly Der[];
  readonly extensions: readonly ExtensionPart[] | undefined;
  readonly algorithm: Der;
}

export function encodeCertificate(parts: CertificateParts): Der {
  const { extensions } = parts;
  const tbs = encodeSequence(
    ...(parts.version ? [parts.version] : []),
    parts.serialNumber,
    parts.tbsAlgorithm,
    parts.issuer,
    encodeSequence(parts.notBefore, parts.notAfter),
    parts.subject,
    parts.publicKey,
    ...parts.uniqueIds,
    ...(extensions ? [encodeExplicit(3, encodeSequence(...extensions.map(({ der }) => der)))] : []),
  );
  return encodeSequence(tbs, parts.algorithm, placeholderSignature);
}

export const at = (day: string): number => Date.parse(`${day}T00:00:00Z`);
export const version = (n: number): Der => encodeExplicit(0, encodeInteger(n));
export const basicConstraints = (...fields: readonly Der[]): ExtensionPart =>
  extension(oids.basicConstraints, encodeSequence(...fields), true);

export const commonName = 'veritas-backend.vcc.local';
export const baseNames: readonly Der[] = [
  dns(commonName),
  dns('veritas-backend'),
  ip(127, 0, 0, 1),
  ip(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1),
];
const intermediateName = name(germany, o('VCC Framework'), cn('VCC Intermediate CA'));
const rootName = name(germany, o('VCC Framework'), cn('VCC Root CA'));
const statusPointers = [cdp('http://pki.vcc.local:8080/crl/7.crl'), aia(ocspAccess, caIssuersAccess)];

/** A correct leaf of 90 days: ECDSA P-256, mTLS on both sides, with CRL, OCSP and SPIFFE ID. */
export const leaf: CertificateParts = {
  version: version(2),
  serialNumber: encodeInteger(new Uint8Array(19).fill(0x42)),
  tbsAlgorithm: signatures.ecdsaSha256,
  issuer: intermediateName,
  notBefore: encodeTime(at('2026-10-01')),
  notAfter: encodeTime(at('2026-12-30')),
  subject: name(germany, o('VCC Framework'), cn(commonName)),
  publicKey: p256Key,
  uniqueIds: [],
  extensions: [
    aki,
    ski,
    keyUsage(0),
    basicConstraints(),
    eku('server', 'client'),
    subjectAltName(...baseNames, uri('spiffe://vcc.local/veritas-backend')),
    ...statusPointers,
  ],
  algorithm: signatures.ecdsaSha256,
};

const signedWith = (algorithm: Der): Pick<CertificateParts, 'tbsAlgorithm' | 'algorithm'> => ({
  tbsAlgorithm: algorithm,
  algorithm,
});

export const rsaLeaf: CertificateParts = {
  ...leaf,
  ...signedWith(signatures.rsaSha256),
  publicKey: rsaKey,
  extensions: withExtensions(leaf.extensions ?? [], [keyUsage(0, 2)]),
};
export const ed25519Leaf: CertificateParts = { ...leaf, ...signedWith(signatures.ed25519), publicKey: ed25519Key };
export const mlDsaLeaf: CertificateParts = { ...leaf, ...signedWith(signatures.mlDsa65), publicKey: mlDsaKey };

/** A short-lived leaf that says it is never revoked (RFC 9608). */
export const neverRevokedLeaf: CertificateParts = {
  ...leaf,
  notAfter: encodeTime(at('2026-10-02')),
  extensions: withExtensions(withoutExtensions(leaf.extensions ?? [], oids.cdp), [
    aia(caIssuersAccess),
    extension(oids.noRevAvail, encodeNull()),
  ]),
};

const kekName = 'urn:vcc:kek:themis-main:3';

/** The certificate of a key-encryption key (docs/keks.md). */
export const kek: CertificateParts = {
  ...leaf,
  subject: name(germany, o('VCC Framework'), cn(kekName)),
  publicKey: spki(algorithm('1.3.101.110'), new Uint8Array(32).fill(9)),
  extensions: withExtensions(leaf.extensions ?? [], [keyUsage(4), criticalEku('kek'), subjectAltName(uri(kekName))]),
};

export const ocspResponder: CertificateParts = {
  ...leaf,
  subject: name(germany, o('VCC Framework'), cn('VCC OCSP 1')),
  extensions: withExtensions(withoutExtensions(leaf.extensions ?? [], oids.san, oids.cdp, oids.aia), [
    eku('ocsp'),
    extension(oids.noCheck, encodeNull()),
  ]),
};

export const intermediate: CertificateParts = {
  ...leaf,
  ...signedWith(signatures.ecdsaSha384),
  issuer: rootName,
  notAfter: encodeTime(at('2031-10-01')),
  subject: intermediateName,
  extensions: [aki, ski, keyUsage(5, 6), basicConstraints(encodeBoolean(true), encodeInteger(0)), ...statusPointers],
};

export const root: CertificateParts = {
  ...intermediate,
  notAfter: encodeTime(at('2051-10-01')),
  subject: rootName,
  publicKey: p384Key,
  extensions: [ski, keyUsage(5, 6), basicConstraints(encodeBoolean(true), encodeInteger(1))],
};
