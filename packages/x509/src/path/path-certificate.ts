import type { KeyObject } from 'node:crypto';
import { DerError, type Oid } from '@vcc-pki/asn1';
import { type Certificate, parseCertificate } from '../certificate.ts';
import type { Extension } from '../extension.ts';
import { extensionId } from '../extension-id.ts';
import { parseAuthorityKeyIdentifier } from '../extensions/authority-key-identifier.ts';
import { parseBasicConstraints } from '../extensions/basic-constraints.ts';
import { parseCertificatePolicies } from '../extensions/certificate-policies.ts';
import { parseCRLDistributionPoints } from '../extensions/crl-distribution-points.ts';
import { parseExtKeyUsage } from '../extensions/ext-key-usage.ts';
import { parseFreshestCRL } from '../extensions/freshest-crl.ts';
import { parseInhibitAnyPolicy } from '../extensions/inhibit-any-policy.ts';
import { parseIssuerAltName } from '../extensions/issuer-alt-name.ts';
import { parseKeyUsage } from '../extensions/key-usage.ts';
import { parseNameConstraints } from '../extensions/name-constraints.ts';
import { parseNoRevAvail } from '../extensions/no-rev-avail.ts';
import { parseOcspNoCheck } from '../extensions/ocsp-no-check.ts';
import { parsePolicyConstraints } from '../extensions/policy-constraints.ts';
import { parsePolicyMappings } from '../extensions/policy-mappings.ts';
import { parseSubjectAltName } from '../extensions/subject-alt-name.ts';
import { parseSubjectKeyIdentifier } from '../extensions/subject-key-identifier.ts';
import { importPublicKey } from '../import-public-key.ts';
import { X509Error } from '../x509-error.ts';
import { type NameKey, nameKey } from './names/name-key.ts';

/** The extensions that path validation processes; a critical one that is not among them refuses the path (RFC 5280 s4.2). */
const parsers = {
  authorityKeyIdentifier: parseAuthorityKeyIdentifier,
  basicConstraints: parseBasicConstraints,
  certificatePolicies: parseCertificatePolicies,
  cRLDistributionPoints: parseCRLDistributionPoints,
  extKeyUsage: parseExtKeyUsage,
  freshestCRL: parseFreshestCRL,
  inhibitAnyPolicy: parseInhibitAnyPolicy,
  issuerAltName: parseIssuerAltName,
  keyUsage: parseKeyUsage,
  nameConstraints: parseNameConstraints,
  noRevAvail: parseNoRevAvail,
  ocspNoCheck: parseOcspNoCheck,
  policyConstraints: parsePolicyConstraints,
  policyMappings: parsePolicyMappings,
  subjectAltName: parseSubjectAltName,
  subjectKeyIdentifier: parseSubjectKeyIdentifier,
} as const;

type ProcessedName = keyof typeof parsers;

/** The values of the extensions that path validation processes. */
export type ProcessedExtensions = { readonly [Name in ProcessedName]?: ReturnType<(typeof parsers)[Name]> };

const nameById = new Map<Oid, ProcessedName>(
  (Object.keys(parsers) as ProcessedName[]).map((name) => [extensionId[name], name]),
);

/** A certificate as path validation sees it: its extensions are decoded when first asked for, its names comparable. */
export class PathCertificate {
  readonly certificate: Certificate;
  readonly subject: NameKey;
  #issuer: NameKey | undefined;
  #extensions: ProcessedExtensions | undefined;
  #publicKey: { readonly key: KeyObject | undefined } | undefined;

  /** @throws {@link DerError}, {@link X509Error} as `parseCertificate` does. */
  constructor(der: Uint8Array) {
    this.certificate = parseCertificate(der);
    this.subject = nameKey(this.certificate.subject);
  }

  /** Node's key, imported once; `undefined` when OpenSSL refuses it. */
  get publicKey(): KeyObject | undefined {
    this.#publicKey ??= { key: importPublicKey(this.certificate.subjectPublicKeyInfo.der) };
    return this.#publicKey.key;
  }

  get der(): Uint8Array {
    return this.certificate.der;
  }

  get issuer(): NameKey {
    this.#issuer ??= nameKey(this.certificate.issuer);
    return this.#issuer;
  }

  /** Issued by an entity to itself, for example when it changes its key (RFC 5280 s3.2). */
  get isSelfIssued(): boolean {
    return this.issuer.text === this.subject.text;
  }

  get isCa(): boolean {
    return this.extensions.basicConstraints?.cA === true;
  }

  /** @throws {@link DerError} when a value is malformed: what is recognised must be processed (RFC 5280 s4.2). */
  get extensions(): ProcessedExtensions {
    this.#extensions ??= decodeProcessed(this.certificate.extensions);
    return this.#extensions;
  }

  /** The subjectKeyIdentifier, for choosing what to try first; a malformed extension is found when it is checked. */
  get keyIdentifierHint(): Uint8Array | undefined {
    return this.#hint(({ subjectKeyIdentifier }) => subjectKeyIdentifier);
  }

  /** The key identifier of the issuer, for choosing what to try first. */
  get issuerKeyIdentifierHint(): Uint8Array | undefined {
    return this.#hint(({ authorityKeyIdentifier }) => authorityKeyIdentifier?.keyIdentifier);
  }

  #hint(read: (extensions: ProcessedExtensions) => Uint8Array | undefined): Uint8Array | undefined {
    try {
      return read(this.extensions);
    } catch (error) {
      if (error instanceof DerError || error instanceof X509Error) return undefined;
      throw error;
    }
  }

  isCritical(name: ProcessedName): boolean {
    return this.certificate.extensions.some(({ id, critical }) => critical && id === extensionId[name]);
  }

  /** OIDs of critical extensions that are not processed. */
  get unsupportedCritical(): readonly Oid[] {
    return this.certificate.extensions.filter(({ id, critical }) => critical && !nameById.has(id)).map(({ id }) => id);
  }
}

function decodeProcessed(extensions: readonly Extension[]): ProcessedExtensions {
  const decoded: Record<string, unknown> = {};
  for (const { id, value } of extensions) {
    const name = nameById.get(id);
    if (name !== undefined) decoded[name] = parsers[name](value);
  }
  return decoded;
}
