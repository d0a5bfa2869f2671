import { DerError } from '@vcc-pki/asn1';
import {
  type Certificate,
  decodeExtension,
  extensionId,
  findExtension,
  kekKeyPurposeId,
  parseExtKeyUsage,
  parseKeyUsage,
  parseSubjectAltName,
} from '@vcc-pki/x509';
import { KekError } from './kek-error.ts';
import { type KekFacts, kekFactsExtensionId, parseKekFacts } from './kek-facts.ts';
import type { KekKem } from './kem.ts';
import { parseKekPublicKey } from './public-key.ts';

/** What the certificate of a KEK says. */
export interface KekCertificateFacts extends KekFacts {
  /** Name of the line. */
  readonly line: string;
  readonly kem: KekKem;
}

/** Short enough for the URN of the line to be a common name, of 64 characters at most (RFC 5280 appendix A.1). */
const kekLinePattern = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/;

/** True for a text that a line may be named by: 40 lower-case letters, digits and hyphens at most. */
export function isKekLine(text: string): boolean {
  return kekLinePattern.test(text);
}

/** The URI in subjectAltName of a KEK certificate. */
export function kekUri({ line, version }: { readonly line: string; readonly version: number }): string {
  return `urn:vcc:kek:${line}:${version}`;
}

/**
 * Reads what the certificate of a KEK says about itself, and refuses every other kind of certificate: its extKeyUsage is
 * the KEK purpose alone and critical, its keyUsage keyAgreement alone, its one name agrees with its private extension.
 * Whether it can be trusted is the question of `verifyCertificationPath` with the purpose `kek`.
 * @throws {@link KekError} `badCertificate`
 */
export function kekCertificateFacts(certificate: Certificate): KekCertificateFacts {
  try {
    const { extensions } = certificate;
    checkUsage(extensions);
    const facts = decodeExtension(extensions, kekFactsExtensionId, parseKekFacts);
    if (facts === undefined) refuse('it says nothing of a line and version');
    const [name, ...others] = decodeExtension(extensions, extensionId.subjectAltName, parseSubjectAltName) ?? [];
    const uri = name?.type === 'uniformResourceIdentifier' && others.length === 0 ? name.value : '';
    const line = /^urn:vcc:kek:([^:]+):/.exec(uri)?.[1] ?? '';
    if (!isKekLine(line) || uri !== kekUri({ line, version: facts.version })) {
      refuse('its name is not that of the line and version in it');
    }
    return { ...facts, line, kem: parseKekPublicKey(certificate.subjectPublicKeyInfo.der).kem };
  } catch (error) {
    if (error instanceof DerError || (error instanceof KekError && error.code === 'badPublicKey')) {
      throw new KekError('badCertificate', `The certificate is no KEK's: ${error.message}`, { cause: error });
    }
    throw error;
  }
}

function checkUsage(extensions: Certificate['extensions']): void {
  const purpose = findExtension(extensions, extensionId.extKeyUsage);
  const purposes = purpose === undefined ? [] : parseExtKeyUsage(purpose.value);
  if (purpose?.critical !== true || purposes.length !== 1 || purposes[0] !== kekKeyPurposeId) {
    refuse('extKeyUsage is not the KEK purpose, alone and critical');
  }
  const usages = decodeExtension(extensions, extensionId.keyUsage, parseKeyUsage) ?? [];
  if (usages.length !== 1 || usages[0] !== 'keyAgreement') refuse('keyUsage is not keyAgreement alone');
}

function refuse(why: string): never {
  throw new KekError('badCertificate', `The certificate is no KEK's: ${why}.`);
}
