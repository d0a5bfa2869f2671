import type { Der } from '@vcc-pki/asn1';
import { type Finding, lintCertificate, lintCertificateRequest, lintCrl } from '@vcc-pki/lint';
import { type CertificateParts, encodeCertificate, intermediate, leaf } from './base-certificates.ts';
import { type CrlParts, encodeCrl, fullCrl } from './base-crls.ts';
import { encodeRequest, type RequestParts, request } from './base-requests.ts';
import { type ExtensionPart, name, o, subjectAltName, withExtensions, withoutExtensions } from './parts.ts';

export const linters = { certificate: lintCertificate, crl: lintCrl, csr: lintCertificateRequest } as const;

/** DER with one thing wrong, and every rule that must say so. */
export interface Fixture {
  readonly what: string;
  readonly kind: keyof typeof linters;
  readonly der: Der;
  /** Ids of all rules that the fixture breaks: one, or more when the fault cannot be had alone. */
  readonly breaks: readonly string[];
}

export function lintFixture({ kind, der }: Pick<Fixture, 'kind' | 'der'>): Finding[] {
  return linters[kind](der);
}

type Broken = Pick<Fixture, 'kind' | 'der'>;

/** A fixture: what is wrong, in which DER, and the rules that it breaks. */
export const fixture = (what: string, broken: Broken, ...breaks: readonly string[]): Fixture => ({
  what,
  ...broken,
  breaks,
});

const certificate = (parts: CertificateParts): Broken => ({ kind: 'certificate', der: encodeCertificate(parts) });

/** `base` with some parts replaced. */
export const but = (base: CertificateParts, change: Partial<CertificateParts>): Broken =>
  certificate({ ...base, ...change });

/** `base` with extensions added, or replaced where it has one of the type. */
export const plus = (base: CertificateParts, ...changes: readonly ExtensionPart[]): Broken =>
  but(base, { extensions: withExtensions(base.extensions ?? [], changes) });

export const minus = (base: CertificateParts, ...oids: readonly string[]): Broken =>
  but(base, { extensions: withoutExtensions(base.extensions ?? [], ...oids) });

export const leafBut = (change: Partial<CertificateParts>): Broken => but(leaf, change);
export const leafPlus = (...changes: readonly ExtensionPart[]): Broken => plus(leaf, ...changes);
export const caPlus = (...changes: readonly ExtensionPart[]): Broken => plus(intermediate, ...changes);
/** The leaf with another public key. */
export const leafKey = (publicKey: Der): Broken => leafBut({ publicKey });
/** The leaf signed with another algorithm, named alike in both places. */
export const leafSigned = (algorithm: Der): Broken => leafBut({ tbsAlgorithm: algorithm, algorithm });
/** The leaf without commonName, so that its subjectAltName may be anything. */
export const leafNamed = (...names: readonly Der[]): Broken =>
  plus({ ...leaf, subject: name(o('VCC Framework')) }, subjectAltName(...names));

export const crlBut = (change: Partial<CrlParts>): Broken => ({
  kind: 'crl',
  der: encodeCrl({ ...fullCrl, ...change }),
});
export const crlPlus = (...changes: readonly ExtensionPart[]): Broken =>
  crlBut({ extensions: withExtensions(fullCrl.extensions, changes) });
export const crlMinus = (...oids: readonly string[]): Broken =>
  crlBut({ extensions: withoutExtensions(fullCrl.extensions, ...oids) });
export const crlOf = (...entries: readonly Der[]): Broken => crlBut({ entries });

export const requestBut = (change: Partial<RequestParts>): Broken => ({
  kind: 'csr',
  der: encodeRequest({ ...request, ...change }),
});
