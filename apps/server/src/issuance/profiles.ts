import { PkiError } from '@vcc-pki/api';
import { type KeyUsage, kekKeyPurposeId, keyPurposeId, type SubjectPublicKeyInfo } from '@vcc-pki/x509';
import { kekProfileName } from '../store/index.ts';

/** What kind of certificate is made; everything in it that the requester does not choose. */
export interface CertificateProfile {
  readonly name: string;
  /** OIDs for extKeyUsage (RFC 5280 s4.2.1.12). */
  readonly extKeyUsage: readonly string[];
  /**
   * Where relying parties learn of a revocation. `published`: by CRL and OCSP, whose addresses are in the certificate.
   * `none`: nowhere, it ends too soon for that to matter (RFC 9608). `noCheck`: nowhere, it is itself the signer of
   * such news (RFC 6960 s4.2.2.2.1).
   */
  readonly revocation: 'published' | 'none' | 'noCheck';
  /** What it is for: an end of TLS, named in subjectAltName, signing the answers of the OCSP responder, or naming a KEK. */
  readonly holder: 'service' | 'ocspResponder' | 'kek';
}

const bothEnds = [keyPurposeId.serverAuth, keyPurposeId.clientAuth];

/** The profiles that can be asked for. */
const profiles: Readonly<Record<string, CertificateProfile>> = {
  /** Both ends of mTLS: what a service shows as a server and as a client. */
  service: { name: 'service', extKeyUsage: bothEnds, revocation: 'published', holder: 'service' },
  /** A client only, for operators and tools. */
  client: { name: 'client', extKeyUsage: [keyPurposeId.clientAuth], revocation: 'published', holder: 'service' },
  /** A TLS server only. */
  server: { name: 'server', extKeyUsage: [keyPurposeId.serverAuth], revocation: 'published', holder: 'service' },
  /** Both ends of mTLS for hours: it is renewed where another would be revoked. */
  'short-lived': { name: 'short-lived', extKeyUsage: bothEnds, revocation: 'none', holder: 'service' },
};

export const defaultProfile = profileByName('service');

/** The server's own OCSP responder. It stands in no table: nobody can ask for a certificate that speaks for the CA. */
export const ocspResponderProfile: CertificateProfile = {
  name: 'ocsp',
  extKeyUsage: [keyPurposeId.OCSPSigning],
  revocation: 'noCheck',
  holder: 'ocspResponder',
};

/** A key-encryption key (docs/keks.md). It stands in no table either: the server makes the keys. */
export const kekProfile: CertificateProfile = {
  name: kekProfileName,
  extKeyUsage: [kekKeyPurposeId],
  revocation: 'published',
  holder: 'kek',
};

/** @throws {@link PkiError} `malformed` for a name that is not in the table. */
export function profileByName(name: string): CertificateProfile {
  const profile = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  if (profile === undefined) {
    throw new PkiError('malformed', `there is no profile "${name}"; there are ${Object.keys(profiles).join(', ')}`, {
      field: 'profile',
    });
  }
  return profile;
}

/** RFC 5280 s4.2.1.3: RSA keys may also transport keys (TLS 1.2 RSA suites); all others only sign, and so do responders. */
export function keyUsageFor(key: SubjectPublicKeyInfo, { holder }: CertificateProfile): readonly KeyUsage[] {
  if (holder === 'kek') return agreesOnKeys;
  const mayTransportKeys = key.algorithm.oid === '1.2.840.113549.1.1.1' && holder === 'service';
  return mayTransportKeys ? signsAndTransportsKeys : signs;
}

const agreesOnKeys: readonly KeyUsage[] = ['keyAgreement'];
const signsAndTransportsKeys: readonly KeyUsage[] = ['digitalSignature', 'keyEncipherment'];
const signs: readonly KeyUsage[] = ['digitalSignature'];
