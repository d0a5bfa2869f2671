import type { KeyObject } from 'node:crypto';
import { encodePem } from '@vcc-pki/asn1';
import { createSoftwareSigner, generateKey } from '@vcc-pki/signer';
import {
  buildCertificationRequestInfo,
  type Extension,
  encodeName,
  encodeSigned,
  encodeSubjectAltName,
  extensionId,
  type GeneralName,
} from '@vcc-pki/x509';

export interface RequestParts {
  readonly privateKey?: KeyObject;
  readonly commonName?: string;
  /** Entries of the subjectAltName that the CSR asks for. */
  readonly names?: readonly GeneralName[];
  readonly extensions?: readonly Extension[];
}

/** A CSR with names and extensions of its own, which the project's own clients never make. @returns PEM */
export async function requestWith(parts: RequestParts): Promise<string> {
  return encodePem('CERTIFICATE REQUEST', await requestDer(parts));
}

/** The same in DER. */
export async function requestDer({
  privateKey,
  commonName,
  names,
  extensions = [],
}: RequestParts): Promise<Uint8Array> {
  const signer = createSoftwareSigner(privateKey ?? (await generateKey('P-256')));
  const altName = (value: readonly GeneralName[]): Extension => ({
    id: extensionId.subjectAltName,
    critical: false,
    value: encodeSubjectAltName(value),
  });
  const info = buildCertificationRequestInfo({
    subject: encodeName(commonName === undefined ? [] : [{ type: 'commonName', value: commonName }]),
    subjectPublicKeyInfo: signer.publicKey,
    extensions: [...extensions, ...(names === undefined ? [] : [altName(names)])],
  });
  return encodeSigned(info, signer.signatureAlgorithm, await signer.sign(info));
}
