import type { KeyObject } from 'node:crypto';
import { toHex } from '@vcc-pki/asn1';
import { createSoftwareSigner, generateKey, type KeyType, type Signer } from '@vcc-pki/signer';
import {
  type AttributeInput,
  accessMethod,
  buildTbsCertificate,
  type Certificate,
  type Extension,
  encodeAuthorityInfoAccess,
  encodeAuthorityKeyIdentifier,
  encodeBasicConstraints,
  encodeCRLDistributionPoints,
  encodeKeyUsage,
  encodeName,
  encodeSubjectKeyIdentifier,
  extensionId,
  type GeneralName,
  keyIdentifier,
  parseCertificate,
} from '@vcc-pki/x509';
import type { SigningIssuer } from '../authority/issuer.ts';
import { proofreadCertificate } from '../authority/linted-tbs.ts';
import { signLinted } from '../authority/sign-linted.ts';
import { newSerialNumber } from '../issuance/serial-number.ts';

/** A CA that was just made: its key in memory, its certificate. */
export interface NewAuthority extends SigningIssuer {
  readonly privateKey: KeyObject;
  readonly certificate: Certificate;
}

export interface AuthorityPlan {
  readonly subject: readonly AttributeInput[];
  readonly keyType: KeyType;
  readonly validityYears: number;
  /** How many CAs may stand below it (RFC 5280 s4.2.1.9). */
  readonly pathLenConstraint: number;
}

/** Where an issuer's CRL and certificate will be published. */
export interface PublicationUrls {
  crlUrl(issuerId: string): string;
  caIssuersUrl(issuerId: string): string;
}

export interface Ceremony {
  readonly now: number;
  readonly backdateMs: number;
  readonly urls: PublicationUrls;
}

/** Makes a self-signed root. */
export async function createRoot(plan: AuthorityPlan, ceremony: Ceremony): Promise<NewAuthority> {
  const key = await newKey(plan.keyType);
  return certify({ plan, key, issuer: key, issuerName: encodeName(plan.subject), ceremony, extensions: [] });
}

/** Makes a CA below `parent`, with pointers to the parent's CRL and certificate. */
export async function createIntermediate(
  plan: AuthorityPlan,
  parent: NewAuthority,
  ceremony: Ceremony,
): Promise<NewAuthority> {
  const key = await newKey(plan.keyType);
  const extensions = parentExtensions(parent, ceremony.urls);
  return certify({ plan, key, issuer: parent, issuerName: parent.certificate.subject.der, ceremony, extensions });
}

interface NewKey extends SigningIssuer {
  readonly privateKey: KeyObject;
}

async function newKey(keyType: KeyType): Promise<NewKey> {
  const privateKey = await generateKey(keyType);
  const signer: Signer = createSoftwareSigner(privateKey);
  return { privateKey, signer, issuerId: toHex(keyIdentifier(signer.publicKey)) };
}

async function certify(parts: {
  plan: AuthorityPlan;
  key: NewKey;
  issuer: SigningIssuer;
  issuerName: Uint8Array;
  ceremony: Ceremony;
  extensions: readonly Extension[];
}): Promise<NewAuthority> {
  const { plan, key, issuer, ceremony } = parts;
  const tbs = buildTbsCertificate({
    serialNumber: newSerialNumber(ceremony.now),
    signatureAlgorithm: issuer.signer.signatureAlgorithm,
    issuer: parts.issuerName,
    validity: {
      notBefore: ceremony.now - ceremony.backdateMs,
      notAfter: addYears(ceremony.now, plan.validityYears),
    },
    subject: encodeName(plan.subject),
    subjectPublicKeyInfo: key.signer.publicKey,
    extensions: [...authorityExtensions(plan, key), ...parts.extensions],
  });
  const { der } = await signLinted(issuer, proofreadCertificate(tbs, issuer));
  return { ...key, certificate: parseCertificate(der) };
}

function authorityExtensions({ pathLenConstraint }: AuthorityPlan, key: NewKey): Extension[] {
  return [
    {
      id: extensionId.basicConstraints,
      critical: true,
      value: encodeBasicConstraints({ cA: true, pathLenConstraint }),
    },
    { id: extensionId.keyUsage, critical: true, value: encodeKeyUsage(['keyCertSign', 'cRLSign']) },
    {
      id: extensionId.subjectKeyIdentifier,
      critical: false,
      value: encodeSubjectKeyIdentifier(keyIdentifier(key.signer.publicKey)),
    },
  ];
}

function parentExtensions(parent: NewAuthority, urls: PublicationUrls): Extension[] {
  const uri = (value: string): GeneralName => ({ type: 'uniformResourceIdentifier', value });
  return [
    {
      id: extensionId.authorityKeyIdentifier,
      critical: false,
      value: encodeAuthorityKeyIdentifier({ keyIdentifier: keyIdentifier(parent.signer.publicKey) }),
    },
    {
      id: extensionId.cRLDistributionPoints,
      critical: false,
      value: encodeCRLDistributionPoints([
        { distributionPoint: { type: 'fullName', names: [uri(urls.crlUrl(parent.issuerId))] } },
      ]),
    },
    {
      id: extensionId.authorityInfoAccess,
      critical: false,
      value: encodeAuthorityInfoAccess([
        { accessMethod: accessMethod.caIssuers, accessLocation: uri(urls.caIssuersUrl(parent.issuerId)) },
      ]),
    },
  ];
}

/** The same day `years` later; 29 February becomes 1 March. */
function addYears(timeMs: number, years: number): number {
  const time = new Date(timeMs);
  return time.setUTCFullYear(time.getUTCFullYear() + years);
}
