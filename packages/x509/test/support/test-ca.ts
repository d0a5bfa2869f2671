import type { Der } from '@vcc-pki/asn1';
import {
  buildTbsCertificate,
  buildTbsCertList,
  buildTbsResponseData,
  type Extension,
  encodeAuthorityKeyIdentifier,
  encodeBasicConstraints,
  encodeCertId,
  encodeCRLNumber,
  encodeExtKeyUsage,
  encodeIssuingDistributionPoint,
  encodeKeyUsage,
  encodeName,
  encodeOcspResponse,
  encodeRevokedEntry,
  encodeSigned,
  encodeSubjectAltName,
  encodeSubjectKeyIdentifier,
  extensionId,
  type GeneralName,
  hashIssuer,
  type IssuingDistributionPoint,
  keyIdentifier,
  keyPurposeId,
  type OcspCertStatus,
  parseCertificate,
  type RevokedEntryInput,
  responderKeyHash,
  serialFromHex,
} from '@vcc-pki/x509';
import { makeKey, type TestKey } from './keys.ts';

/** The time at which paths are verified; certificates and CRLs are made around it. */
export const now = Date.UTC(2026, 5, 1);
const day = 86_400_000;

type ExtensionName = keyof typeof extensionId;

/** One extension as tests write it: its value, or with `critical` turned round; `null` leaves a usual one out. */
export type ExtensionInput = Der | { readonly value: Der; readonly critical: boolean } | null;

export interface CertificateInput {
  /** Common name, or DER of a whole name. */
  readonly subject?: string | Der;
  /** DER; default: the issuer's subject. */
  readonly issuer?: Der;
  readonly key?: TestKey;
  readonly serialNumber?: string;
  readonly notBefore?: number;
  readonly notAfter?: number;
  readonly extensions?: Partial<Record<ExtensionName, ExtensionInput>>;
}

export interface CrlInput {
  readonly entries?: readonly (RevokedEntryInput | Der)[];
  readonly number?: number;
  readonly thisUpdate?: number;
  readonly nextUpdate?: number;
  readonly issuingDistributionPoint?: Partial<IssuingDistributionPoint>;
  readonly extensions?: Partial<Record<ExtensionName, ExtensionInput>>;
  /** Default: the CA's own. */
  readonly key?: TestKey;
  readonly issuer?: Der;
}

export interface OcspInput {
  readonly status?: OcspCertStatus;
  readonly hash?: 'sha1' | 'sha256';
  readonly thisUpdate?: number;
  readonly nextUpdate?: number | null;
  /** Who signs; default: the CA itself. */
  readonly responder?: TestEntity;
  readonly extensions?: readonly Extension[];
  /** Default: the responder's, unless it is the CA. */
  readonly certificates?: readonly Der[];
}

/** A certificate and the key in it. */
export class TestEntity {
  readonly der: Der;
  readonly key: TestKey;

  constructor(der: Der, key: TestKey) {
    this.der = der;
    this.key = key;
  }

  get subject(): Der {
    return parseCertificate(this.der).subject.der;
  }
}

const critical: ReadonlySet<string> = new Set<ExtensionName>([
  'basicConstraints',
  'keyUsage',
  'nameConstraints',
  'policyConstraints',
  'policyMappings',
  'inhibitAnyPolicy',
  'issuingDistributionPoint',
  'deltaCRLIndicator',
]);

function extensionList(...layers: readonly Partial<Record<ExtensionName, ExtensionInput>>[]): Extension[] {
  return Object.entries(Object.assign({}, ...layers) as Record<ExtensionName, ExtensionInput>).flatMap(
    ([name, input]) => {
      if (input === null) return [];
      const id = extensionId[name as ExtensionName];
      return input instanceof Uint8Array ? [{ id, critical: critical.has(name), value: input }] : [{ id, ...input }];
    },
  );
}

const names = new Map<string, Der>();
let nextSerial = 1;

/** The name with that common name under the tests' organisation. */
export function nameOf(commonName: string): Der {
  const known = names.get(commonName);
  const name =
    known ??
    encodeName([
      { type: 'organizationName', value: 'VCC Test' },
      { type: 'commonName', value: commonName },
    ]);
  names.set(commonName, name);
  return name;
}

/** The extensions that a sound CA certificate has. */
function caLayer(key: TestKey): Partial<Record<ExtensionName, ExtensionInput>> {
  return {
    basicConstraints: encodeBasicConstraints({ cA: true }),
    keyUsage: encodeKeyUsage(['keyCertSign', 'cRLSign']),
    subjectKeyIdentifier: encodeSubjectKeyIdentifier(keyIdentifier(key.spki)),
  };
}

/** A CA that issues whatever it is told to, sound unless told otherwise. */
export class TestCa extends TestEntity {
  static root(subject = 'Root', input: CertificateInput = {}): TestCa {
    const key = input.key ?? makeKey();
    const name = nameOf(subject);
    return new TestCa(build({ subject: name, ...input }, { key, name, layers: [caLayer(key)] }, key), key);
  }

  issueCa(subject: string, input: CertificateInput = {}): TestCa {
    const key = input.key ?? makeKey();
    return new TestCa(build({ subject, ...input }, this.#signing(caLayer(key)), key), key);
  }

  /** A server's certificate for leaf.vcc.local. */
  issue(input: CertificateInput = {}): TestEntity {
    const key = input.key ?? makeKey();
    const layer = {
      basicConstraints: encodeBasicConstraints({ cA: false }),
      keyUsage: encodeKeyUsage(['digitalSignature']),
      extKeyUsage: encodeExtKeyUsage([keyPurposeId.serverAuth, keyPurposeId.clientAuth]),
      subjectAltName: encodeSubjectAltName([{ type: 'dNSName', value: 'leaf.vcc.local' }]),
    };
    return new TestEntity(build({ subject: 'leaf', ...input }, this.#signing(layer), key), key);
  }

  /** The CA's certificate issued anew by another CA: a cross-certificate. */
  crossSignedBy(other: TestCa, input: CertificateInput = {}): TestCa {
    return other.issueCa('', { ...input, subject: this.subject, key: this.key });
  }

  crl(input: CrlInput = {}): Der {
    const { key = this.key, entries = [], issuingDistributionPoint } = input;
    const layer: Partial<Record<ExtensionName, ExtensionInput>> = {
      authorityKeyIdentifier: encodeAuthorityKeyIdentifier({ keyIdentifier: keyIdentifier(key.spki) }),
      cRLNumber: encodeCRLNumber(input.number ?? 1),
    };
    if (issuingDistributionPoint) {
      layer.issuingDistributionPoint = encodeIssuingDistributionPoint(issuingDistributionPoint);
    }
    const tbs = buildTbsCertList({
      signatureAlgorithm: key.algorithm,
      issuer: input.issuer ?? this.subject,
      thisUpdate: input.thisUpdate ?? now - day,
      nextUpdate: input.nextUpdate ?? now + day,
      entries: entries.map((entry) => (entry instanceof Uint8Array ? entry : encodeRevokedEntry(entry))),
      extensions: extensionList(layer, input.extensions ?? {}),
    });
    return encodeSigned(tbs, key.algorithm, key.sign(tbs));
  }

  ocsp(about: TestEntity, input: OcspInput = {}): Der {
    const { responder = this, status = { type: 'good' }, hash = 'sha1' } = input;
    const nextUpdate = input.nextUpdate === null ? undefined : (input.nextUpdate ?? now + day);
    const tbsResponseData = buildTbsResponseData({
      responderKeyHash: responderKeyHash(responder.key.spki),
      producedAt: now - day,
      responses: [
        {
          certId: encodeCertId(hashIssuer(parseCertificate(this.der), hash), parseCertificate(about.der).serialNumber),
          status,
          thisUpdate: input.thisUpdate ?? now - day,
          ...(nextUpdate !== undefined && { nextUpdate }),
        },
      ],
      extensions: input.extensions ?? [],
    });
    return encodeOcspResponse({
      tbsResponseData,
      signatureAlgorithm: responder.key.algorithm,
      signature: responder.key.sign(tbsResponseData),
      certificates: input.certificates ?? (responder === this ? [] : [responder.der]),
    });
  }

  #signing(layer: Partial<Record<ExtensionName, ExtensionInput>>): Signing {
    const authorityKeyIdentifier = encodeAuthorityKeyIdentifier({ keyIdentifier: keyIdentifier(this.key.spki) });
    return { key: this.key, name: this.subject, layers: [layer, { authorityKeyIdentifier }] };
  }
}

interface Signing {
  readonly key: TestKey;
  readonly name: Der;
  readonly layers: readonly Partial<Record<ExtensionName, ExtensionInput>>[];
}

function build(input: CertificateInput, signing: Signing, subjectKey: TestKey): Der {
  const { subject = 'leaf' } = input;
  const { key } = signing;
  const tbs = buildTbsCertificate({
    serialNumber: serialFromHex(input.serialNumber ?? (nextSerial++).toString(16)),
    signatureAlgorithm: key.algorithm,
    issuer: input.issuer ?? signing.name,
    validity: { notBefore: input.notBefore ?? now - 30 * day, notAfter: input.notAfter ?? now + 30 * day },
    subject: subject instanceof Uint8Array ? subject : nameOf(subject),
    subjectPublicKeyInfo: subjectKey.spki,
    extensions: extensionList(...signing.layers, input.extensions ?? {}),
  });
  return encodeSigned(tbs.der, key.algorithm, key.sign(tbs.der));
}

/** The serial number of a certificate, for entries of CRLs. */
export function serialOf({ der }: TestEntity): Uint8Array {
  return parseCertificate(der).serialNumber;
}

export function dns(...values: readonly string[]): GeneralName[] {
  return values.map((value) => ({ type: 'dNSName', value }));
}
