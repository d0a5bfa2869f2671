import { DerError, type PemBlock, parsePem } from '@vcc-pki/asn1';
import { parseCertsOnlyCms, X509Error } from '@vcc-pki/x509';
import type { PkiObject } from './pki-object.ts';
import { privateKeyFromDer, privateKeyFromPem } from './private-key.ts';
import { type DerShape, recognizeDer } from './recognize-der.ts';

/**
 * What PEM labels promise (RFC 7468 s4, and those that OpenSSL reads). Only for DER that has no known shape, so that
 * its parser can tell what is wrong with it: otherwise the octets are believed, not the label.
 */
const shapeByLabel: ReadonlyMap<string, DerShape> = new Map([
  ['CERTIFICATE', 'certificate'],
  ['X509 CERTIFICATE', 'certificate'],
  ['CERTIFICATE REQUEST', 'certificateRequest'],
  ['NEW CERTIFICATE REQUEST', 'certificateRequest'],
  ['X509 CRL', 'certificateList'],
  ['PUBLIC KEY', 'publicKey'],
  ['PKCS7', 'pkcs7'],
  ['CMS', 'pkcs7'],
  ['OCSP REQUEST', 'ocspRequest'],
  ['OCSP RESPONSE', 'ocspResponse'],
]);

const pemBegin = /-----BEGIN ([A-Z0-9 ]{1,64})-----/g;

/**
 * Finds everything that a file holds: DER, or any number of PEM blocks with text between them. The certificates of a
 * certs-only PKCS #7 message are found one by one. Private keys come back without the key, and what is broken as
 * `unreadable`; nothing is thrown for what a file holds, and nothing comes back when it is neither PEM nor DER of a known kind.
 */
export function readObjects(bytes: Uint8Array): PkiObject[] {
  const shape = recognizeDer(bytes);
  if (shape !== undefined) return objectsFromDer(bytes, shape, 'DER');
  return pemTexts(new TextDecoder().decode(bytes)).flatMap(objectsFromPem);
}

/** The PEM blocks of a text, not decoded: one that is broken does not hide the others. */
function pemTexts(text: string): { readonly label: string; readonly block: string }[] {
  return [...text.matchAll(pemBegin)].map(({ 0: begin, 1: label = '', index }) => {
    const endLine = `-----END ${label}-----`;
    const next = text.indexOf('-----BEGIN ', index + begin.length);
    const end = text.indexOf(endLine, index);
    const isEnded = end >= 0 && (next < 0 || end < next);
    return { label, block: text.slice(index, isEnded ? end + endLine.length : index + begin.length) };
  });
}

function objectsFromPem({ label, block }: { label: string; block: string }): PkiObject[] {
  if (label.endsWith('PRIVATE KEY')) return [privateKeyFromPem(label, block)];
  // Parameters that OpenSSL writes before an EC key; the key repeats them.
  if (label === 'EC PARAMETERS') return [];
  try {
    const { der } = parsePem(block)[0] as PemBlock;
    const shape = recognizeDer(der) ?? shapeByLabel.get(label);
    return shape === undefined
      ? [{ kind: 'unreadable', what: label, reason: 'a PEM block of a kind that is not known here' }]
      : objectsFromDer(der, shape, 'PEM');
  } catch (error) {
    return [{ kind: 'unreadable', what: label, reason: reasonOf(error) }];
  }
}

function objectsFromDer(der: Uint8Array, shape: DerShape, encoding: 'PEM' | 'DER'): PkiObject[] {
  switch (shape) {
    case 'pkcs7':
      return objectsFromPkcs7(der);
    case 'pkcs12':
      return [
        { kind: 'unreadable', what: 'PKCS #12', reason: 'it is protected by a password and may hold private keys' },
      ];
    case 'pkcs8':
    case 'pkcs8Encrypted':
    case 'pkcs1':
    case 'sec1':
      return [privateKeyFromDer(shape, der)];
    default:
      return [{ kind: shape, der, encoding }];
  }
}

function objectsFromPkcs7(der: Uint8Array): PkiObject[] {
  try {
    return parseCertsOnlyCms(der).map((one) => ({ kind: 'certificate', der: one, encoding: 'PKCS #7' }));
  } catch (error) {
    return [{ kind: 'unreadable', what: 'PKCS #7', reason: reasonOf(error) }];
  }
}

/** What a parser says about its input. Anything else is thrown on. */
function reasonOf(error: unknown): string {
  if (error instanceof DerError || error instanceof X509Error) return error.message;
  throw error;
}
