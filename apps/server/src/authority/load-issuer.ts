import { readFile } from 'node:fs/promises';
import { PkiError } from '@vcc-pki/api';
import { parsePem, toHex } from '@vcc-pki/asn1';
import { loadKeyFile } from '@vcc-pki/signer';
import {
  type Certificate,
  commonName,
  keyIdentifier,
  PathError,
  parseCertificate,
  verifyCertificationPath,
} from '@vcc-pki/x509';
import type { Issuer } from './issuer.ts';

export interface IssuerFiles {
  /** PEM files; the key is an encrypted PKCS#8. */
  readonly rootCertificate: string;
  readonly certificate: string;
  readonly key: string;
  /** UTF-8 octets. */
  readonly passphrase: Uint8Array;
  /** Base URL of the public listener, `http:`, without a slash at its end. */
  readonly publicUrl: string;
  readonly crlShards: number;
  /** Whether certificates name the OCSP responder. */
  readonly ocspEnabled: boolean;
}

/**
 * Opens the CA that signs: certificate, key and root, and checks that they belong together.
 * @throws `SignerError` from the key file; {@link PkiError} `notReady` when the certificates do not fit.
 */
export async function loadIssuer(files: IssuerFiles): Promise<Issuer> {
  const rootCertificate = await loadCertificate(files.rootCertificate);
  const certificate = await loadCertificate(files.certificate);
  await checkIssuedBy(certificate, rootCertificate);
  const signer = await loadKeyFile({
    path: files.key,
    passphrase: files.passphrase,
    publicKey: certificate.subjectPublicKeyInfo.der,
  });
  const { publicUrl, crlShards, ocspEnabled } = files;
  return toIssuer({ certificate, rootCertificate, signer, publicUrl, crlShards, ocspEnabled });
}

/** Puts an {@link Issuer} together from its parts. */
export function toIssuer(
  parts: Pick<Issuer, 'certificate' | 'rootCertificate' | 'signer'> &
    Pick<IssuerFiles, 'publicUrl' | 'crlShards' | 'ocspEnabled'>,
): Issuer {
  const octets = keyIdentifier(parts.certificate.subjectPublicKeyInfo.der);
  const issuerId = toHex(octets);
  return {
    issuerId,
    keyIdentifier: octets,
    certificate: parts.certificate,
    commonName: commonName(parts.certificate.subject) ?? issuerId,
    signer: parts.signer,
    chain: [parts.certificate.der],
    rootCertificate: parts.rootCertificate,
    crlShards: parts.crlShards,
    ...publicationUrls(parts.publicUrl, issuerId),
    ocspUrl: parts.ocspEnabled ? `${parts.publicUrl}/ocsp/${issuerId}` : undefined,
  };
}

/** Where the CRL and the certificate of an issuer are published; burnt into every certificate below it. */
export function publicationUrls(publicUrl: string, issuerId: string): Pick<Issuer, 'crlUrl' | 'caIssuersUrl'> {
  return { crlUrl: `${publicUrl}/crl/${issuerId}.crl`, caIssuersUrl: `${publicUrl}/ca/${issuerId}.cer` };
}

/** Where a CRL of an issuer is published: `full`, `delta`, or a shard by its number. */
export function crlUrlOf({ crlUrl }: Pick<Issuer, 'crlUrl'>, scope: string): string {
  return scope === 'full' ? crlUrl : `${crlUrl.slice(0, -'.crl'.length)}/${scope}.crl`;
}

async function loadCertificate(path: string): Promise<Certificate> {
  const [block] = parsePem(await readFile(path, 'latin1'));
  if (block?.label !== 'CERTIFICATE') throw new PkiError('notReady', `${path} has no certificate in PEM`);
  return parseCertificate(block.der);
}

/**
 * Whether the path holds is the one judge's question, asked for the moment of issue: an intermediate that has expired since
 * issues nothing any more (`badValidity`), but its CRLs must go on being published.
 */
async function checkIssuedBy(certificate: Certificate, root: Certificate): Promise<void> {
  try {
    await verifyCertificationPath({
      endEntity: certificate.der,
      intermediates: [],
      trustAnchors: [root.der],
      at: certificate.validity.notBefore,
      revocation: 'none',
    });
  } catch (error) {
    if (!(error instanceof PathError)) throw error;
    const why = `${error.message} (${error.code})`;
    throw new PkiError('notReady', `the intermediate certificate is not one of this root: ${why}`, { cause: error });
  }
}
