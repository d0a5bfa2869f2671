import { equalBytes } from '@vcc-pki/asn1';
import {
  type Certificate,
  type CertificateRevocationList,
  decodeExtension,
  extensionId,
  parseCertificateList,
  parseCRLNumber,
  signatureAlgorithmOf,
  verifySignature,
} from '@vcc-pki/x509';
import { ClientError } from '../client-error.ts';
import type { RevocationNews } from './revocation-news.ts';

/** Clocks that differ by so much do not keep a client from learning of revocations; as for snapshots. */
const skewMs = 300_000;

/** The full CRL of an issuer, as news. It keeps its octets and looks entries up in them. */
export class CrlNews implements RevocationNews {
  readonly thisUpdate: number;
  readonly nextUpdate: number;
  readonly crlNumber: bigint;
  readonly #crl: CertificateRevocationList;

  private constructor(crl: CertificateRevocationList, nextUpdate: number, crlNumber: bigint) {
    this.thisUpdate = crl.thisUpdate;
    this.nextUpdate = nextUpdate;
    this.crlNumber = crlNumber;
    this.#crl = crl;
  }

  /**
   * Takes a full CRL when the issuer has signed it, and it is neither over nor of before the one that is known.
   * @throws {@link ClientError} `badAnswer`; DerError, X509Error when it is malformed
   */
  static async open(
    der: Uint8Array,
    context: { readonly issuer: Certificate; readonly at: number; readonly known?: CrlNews | undefined },
  ): Promise<CrlNews> {
    const { issuer, at, known } = context;
    const crl = parseCertificateList(der);
    if (!equalBytes(crl.issuer.der, issuer.subject.der)) throw refused('is of another issuer');
    // A shard or a delta does not have everything; either says so in a critical extension.
    if (crl.extensions.some(({ critical }) => critical)) throw refused('is not a full one');
    const isSigned = await verifySignature({
      algorithm: signatureAlgorithmOf(crl.signatureAlgorithm),
      publicKey: issuer.subjectPublicKeyInfo.der,
      data: crl.tbsDer,
      signature: crl.signature,
    });
    if (!isSigned) throw refused('is not signed by its issuer');
    const { thisUpdate, nextUpdate } = crl;
    if (nextUpdate === undefined || nextUpdate < at || thisUpdate > at + skewMs) throw refused('is not of this time');
    const number = decodeExtension(crl.extensions, extensionId.cRLNumber, parseCRLNumber) ?? 0n;
    if (known !== undefined && number < known.crlNumber) throw refused('is older than the one that is known');
    return new CrlNews(crl, nextUpdate, number);
  }

  isRevoked(serialNumber: Uint8Array): boolean {
    return this.#crl.findEntry(serialNumber) !== undefined;
  }
}

function refused(why: string): ClientError {
  return new ClientError('badAnswer', `the revocation list that came ${why}`);
}
