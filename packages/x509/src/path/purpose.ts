import type { Oid } from '@vcc-pki/asn1';
import { keyPurposeId } from '../extensions/ext-key-usage.ts';
import type { KeyUsage } from '../extensions/key-usage.ts';
import type { PathCertificate } from './path-certificate.ts';
import { PathError } from './path-error.ts';

/**
 * Key purpose of a key-encryption-key certificate, so that none other can be taken for one. The arc is the one that
 * RFC 5612 sets aside for examples (enterprise 32473): VCC has no enterprise number of its own yet.
 */
export const kekKeyPurposeId: Oid = '1.3.6.1.4.1.32473.80.1';

interface Row {
  readonly id: Oid;
  /** True: extKeyUsage must name it; anyExtendedKeyUsage or its absence do not do. */
  readonly explicit: boolean;
  /** True: where CA certificates have extKeyUsage, it must name the purpose too. */
  readonly nested: boolean;
  /** One of these must be set where keyUsage is there (RFC 5280 s4.2.1.12). */
  readonly keyUsages: readonly KeyUsage[];
}

const rows = {
  serverAuth: {
    id: keyPurposeId.serverAuth,
    explicit: false,
    nested: true,
    keyUsages: ['digitalSignature', 'keyEncipherment', 'keyAgreement'],
  },
  clientAuth: {
    id: keyPurposeId.clientAuth,
    explicit: false,
    nested: true,
    keyUsages: ['digitalSignature', 'keyAgreement'],
  },
  codeSigning: { id: keyPurposeId.codeSigning, explicit: false, nested: true, keyUsages: ['digitalSignature'] },
  // RFC 6960 s4.2.2.2: named by the CA that delegates. Not nested: a CA that names it would be a responder itself.
  ocspSigning: {
    id: keyPurposeId.OCSPSigning,
    explicit: true,
    nested: false,
    keyUsages: ['digitalSignature', 'nonRepudiation'],
  },
  kek: { id: kekKeyPurposeId, explicit: true, nested: true, keyUsages: ['keyAgreement', 'keyEncipherment'] },
} as const satisfies Record<string, Row>;

/** What the end entity's key is to be used for. */
export type PathPurpose = keyof typeof rows;

/** Every purpose, for option parsers. */
export const pathPurposes = Object.keys(rows) as PathPurpose[];

/** RFC 5280 s4.2.1.12 and s4.2.1.3 for the end entity. @throws {@link PathError} `purposeNotAllowed`, `keyUsageNotAllowed` */
export function checkEndEntityPurpose(certificate: PathCertificate, purpose: PathPurpose): void {
  const row: Row = rows[purpose];
  const { extKeyUsage, keyUsage } = certificate.extensions;
  if (row.explicit ? extKeyUsage?.includes(row.id) !== true : !allows(extKeyUsage, row.id)) {
    throw new PathError('purposeNotAllowed', 0, `extKeyUsage does not allow ${purpose}`);
  }
  if (keyUsage !== undefined && !row.keyUsages.some((usage) => keyUsage.includes(usage))) {
    throw new PathError('keyUsageNotAllowed', 0, `keyUsage has none of ${row.keyUsages.join(', ')}`);
  }
}

/** An extKeyUsage in a CA certificate limits what is below it, as all relying parties have it. @throws {@link PathError} */
export function checkIssuerPurpose(certificate: PathCertificate, purpose: PathPurpose, index: number): void {
  const row: Row = rows[purpose];
  if (row.nested && !allows(certificate.extensions.extKeyUsage, row.id)) {
    throw new PathError('purposeNotAllowed', index, `the CA's extKeyUsage does not allow ${purpose}`);
  }
}

function allows(extKeyUsage: readonly Oid[] | undefined, id: Oid): boolean {
  return extKeyUsage === undefined || extKeyUsage.some((one) => one === id || one === keyPurposeId.anyExtendedKeyUsage);
}
