import { type Der, DerError, type DerReader, encodeOid, encodeSequence, type Oid } from '@vcc-pki/asn1';
import { readWhole } from '../extension.ts';

/** One policy and its qualifiers (RFC 5280 s4.2.1.4). */
export interface PolicyInformation {
  readonly policyIdentifier: Oid;
  /** Empty: absent. */
  readonly policyQualifiers: readonly PolicyQualifierInfo[];
}

/** A qualifier, not taken apart. */
export interface PolicyQualifierInfo {
  readonly policyQualifierId: Oid;
  /** DER of the qualifier. */
  readonly qualifier: Uint8Array;
}

/** Stands for every policy (RFC 5280 s4.2.1.4). */
export const anyPolicy: Oid = '2.5.29.32.0';

/** @throws {@link DerError} also when a policy stands twice. */
export function parseCertificatePolicies(value: Uint8Array): PolicyInformation[] {
  return readWhole(value, (outer) => {
    const reader = outer.readSequence();
    const policies = new Map<Oid, PolicyInformation>();
    do {
      const policy = readPolicy(reader.readSequence());
      if (policies.has(policy.policyIdentifier)) {
        throw new DerError('invalidValue', `the policy ${policy.policyIdentifier} stands twice`, reader.offset);
      }
      policies.set(policy.policyIdentifier, policy);
    } while (!reader.atEnd);
    return [...policies.values()];
  });
}

function readPolicy(reader: DerReader): PolicyInformation {
  const policyIdentifier = reader.readOid();
  const policyQualifiers: PolicyQualifierInfo[] = [];
  if (!reader.atEnd) {
    const list = reader.readSequence();
    do {
      const inner = list.readSequence();
      policyQualifiers.push({ policyQualifierId: inner.readOid(), qualifier: inner.readElement().der });
      inner.end();
    } while (!list.atEnd);
  }
  reader.end();
  return { policyIdentifier, policyQualifiers };
}

export function encodeCertificatePolicies(policies: readonly PolicyInformation[]): Der {
  return encodeSequence(...policies.map(encodePolicy));
}

function encodePolicy({ policyIdentifier, policyQualifiers }: PolicyInformation): Der {
  if (policyQualifiers.length === 0) return encodeSequence(encodeOid(policyIdentifier));
  const qualifiers = policyQualifiers.map(({ policyQualifierId, qualifier }) =>
    encodeSequence(encodeOid(policyQualifierId), qualifier),
  );
  return encodeSequence(encodeOid(policyIdentifier), encodeSequence(...qualifiers));
}
