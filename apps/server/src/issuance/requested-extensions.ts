import { PkiError } from '@vcc-pki/api';
import {
  type CertificateRequest,
  decodeExtension,
  extensionId,
  parseBasicConstraints,
  parseKeyUsage,
} from '@vcc-pki/x509';

/** What CSRs ask for that a profile answers: marked critical or not, it is understood, and the profile has its own. */
const understood: ReadonlySet<string> = new Set([
  extensionId.subjectAltName,
  extensionId.basicConstraints,
  extensionId.keyUsage,
  extensionId.extKeyUsage,
  extensionId.subjectKeyIdentifier,
]);

/**
 * Checks the extensions that a CSR asks for. None is ever copied into a certificate; but who asks for the rights of a CA,
 * or marks as critical what is not understood here, would get something else than it asked for, and is told.
 * @throws {@link PkiError} `badCSR`; `DerError` for an extension that is none.
 */
export function checkRequestedExtensions({ extensionRequest }: CertificateRequest): void {
  if (decodeExtension(extensionRequest, extensionId.basicConstraints, parseBasicConstraints)?.cA === true) {
    throw refusal('asks for a CA certificate');
  }
  const usages = decodeExtension(extensionRequest, extensionId.keyUsage, parseKeyUsage) ?? [];
  if (usages.includes('keyCertSign') || usages.includes('cRLSign')) {
    throw refusal('asks for a key that signs certificates or CRLs');
  }
  const unknown = extensionRequest.find(({ id, critical }) => critical && !understood.has(id));
  if (unknown !== undefined) throw refusal(`asks for the critical extension ${unknown.id}, which is not understood`);
}

function refusal(what: string): PkiError {
  return new PkiError('badCSR', `the CSR ${what}`, { field: 'csr' });
}
