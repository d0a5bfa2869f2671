import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import {
  buildTbsCertificate,
  buildTbsCertList,
  type Certificate,
  type Extension,
  encodeAuthorityKeyIdentifier,
  encodeBasicConstraints,
  encodeCRLNumber,
  encodeIssuingDistributionPoint,
  encodeKeyUsage,
  encodeName,
  encodeRevokedEntry,
  encodeSigned,
  encodeSubjectKeyIdentifier,
  extensionId,
  keyIdentifier,
  parseCertificate,
  type RevocationReason,
  serialFromOctets,
} from '@vcc-pki/x509';

const algorithm = 'ecdsa-with-SHA256';

export interface CrlInput {
  readonly crlNumber: number;
  readonly thisUpdate: number;
  readonly nextUpdate: number;
  readonly revoked?: readonly { readonly serialNumber: Uint8Array; readonly reason: RevocationReason }[];
  /** Address for which alone it is; for all certificates when absent. */
  readonly point?: string;
}

/** A root that issues: real certificates and CRLs at any time that a test wants. */
export class TestCa {
  readonly certificate: Certificate;
  readonly #key: KeyObject;

  constructor({
    name = 'test root',
    validity,
  }: { readonly name?: string; readonly validity: Certificate['validity'] }) {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#key = privateKey;
    const spki = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }));
    const subject = encodeName([{ type: 'commonName', value: name }]);
    this.certificate = this.#issue({
      subject,
      issuer: subject,
      subjectPublicKeyInfo: spki,
      validity,
      extensions: [
        { id: extensionId.basicConstraints, critical: true, value: encodeBasicConstraints({ cA: true }) },
        { id: extensionId.keyUsage, critical: true, value: encodeKeyUsage(['keyCertSign', 'cRLSign']) },
        {
          id: extensionId.subjectKeyIdentifier,
          critical: false,
          value: encodeSubjectKeyIdentifier(keyIdentifier(spki)),
        },
      ],
    });
  }

  /** Issues whatever it is asked for. */
  issue(input: {
    readonly subjectPublicKeyInfo: Uint8Array;
    readonly validity: Certificate['validity'];
    readonly extensions: readonly Extension[];
  }): Certificate {
    const { certificate } = this;
    return this.#issue({
      ...input,
      subject: encodeName([{ type: 'commonName', value: `kek ${randomBytes(4).toString('hex')}` }]),
      issuer: certificate.subject.der,
      extensions: [...input.extensions, this.#authorityKeyIdentifier()],
    });
  }

  crl({ crlNumber, thisUpdate, nextUpdate, revoked = [], point }: CrlInput): Uint8Array {
    const tbs = buildTbsCertList({
      signatureAlgorithm: algorithm,
      issuer: this.certificate.subject.der,
      thisUpdate,
      nextUpdate,
      extensions: [
        this.#authorityKeyIdentifier(),
        { id: extensionId.cRLNumber, critical: false, value: encodeCRLNumber(crlNumber) },
        ...(point === undefined ? [] : [partOf(point)]),
      ],
      entries: revoked.map((entry) => encodeRevokedEntry({ ...entry, revokedAt: thisUpdate })),
    });
    return encodeSigned(tbs, algorithm, sign('sha256', tbs, this.#key));
  }

  #authorityKeyIdentifier(): Extension {
    const value = encodeAuthorityKeyIdentifier({
      keyIdentifier: keyIdentifier(this.certificate.subjectPublicKeyInfo.der),
    });
    return { id: extensionId.authorityKeyIdentifier, critical: false, value };
  }

  #issue(input: {
    readonly subject: Uint8Array;
    readonly issuer: Uint8Array;
    readonly subjectPublicKeyInfo: Uint8Array;
    readonly validity: Certificate['validity'];
    readonly extensions: readonly Extension[];
  }): Certificate {
    const tbs = buildTbsCertificate({
      ...input,
      serialNumber: serialFromOctets(Uint8Array.of(0x40, ...randomBytes(16))),
      signatureAlgorithm: algorithm,
    });
    return parseCertificate(encodeSigned(tbs.der, algorithm, sign('sha256', tbs.der, this.#key)));
  }
}

/** Says that a CRL is for the certificates that name an address alone. */
function partOf(point: string): Extension {
  const names = [{ type: 'uniformResourceIdentifier', value: point }] as const;
  const value = encodeIssuingDistributionPoint({ distributionPoint: { type: 'fullName', names } });
  return { id: extensionId.issuingDistributionPoint, critical: true, value };
}
