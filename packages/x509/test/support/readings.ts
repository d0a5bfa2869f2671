import { DerError } from '@vcc-pki/asn1';
import {
  checkPublicKey,
  commonName,
  describePublicKey,
  type Extension,
  formatName,
  parseCertificate,
  parseCertificateList,
  parseCertificateRequest,
  parseCertsOnlyCms,
  parseOcspRequest,
  parseOcspResponse,
  serialFromHex,
  serialToDecimal,
  serialToHex,
  X509Error,
} from '@vcc-pki/x509';
import { parseAllExtensions } from './extension-parsers.ts';

/** Everything that the package can be told to read, with all that can be asked of what was read. */
export const readings: readonly ((der: Uint8Array) => unknown)[] = [
  readCertificate,
  readRequest,
  readList,
  readOcspRequest,
  readOcspResponse,
  parseCertsOnlyCms,
  describePublicKey,
  checkPublicKey,
];

/** The code of the typed error that `run` throws, `ok` when it throws none; other errors pass through. */
export function outcome(run: () => unknown): string {
  try {
    run();
    return 'ok';
  } catch (error) {
    if (error instanceof DerError || error instanceof X509Error) return error.code;
    throw error;
  }
}

// Each part on its own: a fault in one must not keep the others from being looked at.
function readCertificate(der: Uint8Array): void {
  const certificate = parseCertificate(der);
  formatName(certificate.subject);
  commonName(certificate.issuer);
  serialToHex(certificate.serialNumber);
  serialToDecimal(certificate.serialNumber);
  outcome(() => describePublicKey(certificate.subjectPublicKeyInfo.der));
  outcome(() => checkPublicKey(certificate.subjectPublicKeyInfo.der));
  readExtensions(certificate.extensions);
}

function readRequest(der: Uint8Array): void {
  const request = parseCertificateRequest(der);
  outcome(() => checkPublicKey(request.subjectPublicKeyInfo.der));
  readExtensions(request.extensionRequest);
}

function readList(der: Uint8Array): void {
  const list = parseCertificateList(der);
  readExtensions(list.extensions);
  outcome(() => list.findEntry(serialFromHex('01')));
  for (const entry of list.entries()) readExtensions(entry.extensions);
}

function readOcspRequest(der: Uint8Array): void {
  const { requests, extensions } = parseOcspRequest(der);
  for (const part of [{ extensions }, ...requests]) readExtensions(part.extensions);
}

function readOcspResponse(der: Uint8Array): void {
  const parsed = parseOcspResponse(der);
  if (!('response' in parsed)) return;
  const { responses, extensions, certificates } = parsed.response;
  for (const part of [{ extensions }, ...responses]) readExtensions(part.extensions);
  for (const certificate of certificates) outcome(() => readCertificate(certificate));
}

function readExtensions(extensions: readonly Extension[]): void {
  for (const extension of extensions) outcome(() => parseAllExtensions([extension]));
}
